import { fail, isRefusal, ok, type Id, type Result } from '@storegraph/core';
import type { Tx } from '@storegraph/database';
import { readId, validate, type Context } from '@storegraph/subgraph';
import { z } from 'zod';
import { noSuchCustomer, unknownCustomer, untilCustomerKnown } from '../../customer/known.ts';
import { overDiscounted } from '../../order/asked.ts';
import { lockOrder } from '../../order/lock.ts';
import { draftRefusal, type DraftRefusal } from '../../order/order.ts';
import { quote, type PriceCode } from '../../order/place.ts';
import { record } from '../../order/record.ts';
import { requestOf } from '../draft.ts';
import { changedDetails, changedRequest, draftFields, expectedVersion, orderIdSchema } from '../input.ts';
import { pricedColumns, replaceLines } from '../write.ts';

const schema = z.object({ ...draftFields, orderId: orderIdSchema, expectedVersion: expectedVersion.nullish() });
type Input = z.output<typeof schema>;

export async function orderDraftUpdate({ db, clock, signal }: Context, given: unknown) {
  const checked = validate(schema, given);
  if (!checked.ok) return checked;
  const input = checked.value;
  if (input.customerId === readId('cus', null)) return noSuchCustomer();
  return untilCustomerKnown(signal, () => db.write((tx) => update(tx, input, clock.now())));
}

type Code = PriceCode | DraftRefusal | 'NOT_FOUND' | 'CONFLICT';

async function update(tx: Tx, input: Input, now: Date): Promise<Result<{ id: Id<'ord'> }, Code>> {
  // The customer before the order, as a merge of customers takes them.
  const unknown = input.customerId ? await unknownCustomer(tx, input.customerId) : undefined;
  const order = await lockOrder(tx, input.orderId);
  if (!order) return fail('NOT_FOUND', 'No such order.', ['orderId']);
  const refusal = draftRefusal(order);
  if (refusal) return fail(refusal, 'The order is placed already.');
  if (input.expectedVersion && input.expectedVersion !== order.version)
    return fail('CONFLICT', `The draft has changed meanwhile: it is at version ${order.version}.`, ['expectedVersion']);
  if (unknown) return unknown;

  const details = changedDetails(order, input);
  const request = { ...requestOf(order), ...changedRequest(requestOf(order), input), customerId: details.customerId };
  const wrong = overDiscounted(request.lines);
  if (wrong && isRefusal(wrong)) return wrong;
  const quoted = await quote(tx, request, now);
  if (isRefusal(quoted)) return quoted;
  const changed = await record(
    tx,
    order,
    { ...details, ...pricedColumns(request, quoted.value) },
    [{ kind: 'EDITED', internal: true }],
    now,
  );
  await replaceLines(tx, changed, request, quoted.value, null);
  return ok({ id: order.id });
}
