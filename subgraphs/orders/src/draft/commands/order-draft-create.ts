import { fail, isRefusal, newId, ok, type Id, type Result } from '@storegraph/core';
import { once, one, owned, type Tx } from '@storegraph/database';
import { currency, idempotencyKey, readId, validate, type Context } from '@storegraph/subgraph';
import { z } from 'zod';
import { noSuchCustomer, unknownCustomer, untilCustomerKnown } from '../../customer/known.ts';
import { nextDraftNumber } from '../../order/number.ts';
import { overDiscounted } from '../../order/asked.ts';
import { quote, writeLines, type PriceCode } from '../../order/place.ts';
import { tell } from '../../order/record.ts';
import { orders } from '../../order/tables.ts';
import { storeSettings } from '../../store/settings.ts';
import { changedDetails, changedRequest, draftFields, emptyRequest, noDetails } from '../input.ts';
import { pricedColumns } from '../write.ts';

const schema = z.object({ ...draftFields, currency: currency.nullish(), idempotencyKey });
type Input = z.output<typeof schema>;

export async function orderDraftCreate({ db, clock, signal }: Context, given: unknown) {
  const checked = validate(schema, given);
  if (!checked.ok) return checked;
  const input = checked.value;
  const request = changedRequest(emptyRequest, input);
  const wrong = overDiscounted(request.lines);
  if (wrong && isRefusal(wrong)) return wrong;
  if (input.customerId === readId('cus', null)) return noSuchCustomer();
  return untilCustomerKnown(signal, () =>
    db.write(async (tx): Promise<Result<{ id: Id<'ord'> }, PriceCode | 'REQUIRED' | 'NOT_FOUND' | 'IDEMPOTENCY_KEY_REUSED'>> => {
      const unknown = input.customerId ? await unknownCustomer(tx, input.customerId) : undefined;
      if (unknown) return unknown;
      const code = input.currency ?? (await storeSettings(tx))?.currency;
      if (!code) return fail('REQUIRED', "The store's currency is not known yet: name one.", ['currency']);
      return once(tx, 'orderDraftCreate', input, () => draft(tx, input, code, clock.now()));
    }),
  );
}

async function draft(tx: Tx, input: Input, code: string, now: Date): Promise<Result<{ id: Id<'ord'> }, PriceCode>> {
  const details = changedDetails(noDetails, input);
  const request = { ...changedRequest(emptyRequest, input), customerId: details.customerId, currency: code };
  const quoted = await quote(tx, request, now);
  if (isRefusal(quoted)) return quoted;
  const order = one(
    await tx
      .insert(orders)
      .values(
        owned(tx, {
          ...details,
          ...pricedColumns(request, quoted.value),
          id: newId('ord'),
          number: await nextDraftNumber(tx),
          version: 1,
          currency: code,
          authorized: 0n,
          captured: 0n,
          refunded: 0n,
          allocatedUnits: 0,
          shippedUnits: 0,
          deliveredUnits: 0,
          returnedUnits: 0,
          status: 'DRAFT' as const,
          paymentStatus: 'PENDING' as const,
          fulfillmentStatus: 'UNFULFILLED' as const,
          placedAt: now,
        }),
      )
      .returning(),
  );
  await writeLines(tx, { ...order, customerId: null }, request, quoted.value);
  await tell(tx, order, [{ kind: 'DRAFTED', internal: true }], 0, now);
  return ok({ id: order.id });
}
