import { system } from '@storegraph/auth';
import { fail, ok, type Id, type Result } from '@storegraph/core';
import type { Tx } from '@storegraph/database';
import { readId, type Context } from '@storegraph/subgraph';
import { record, type FactActor } from '../../order/record.ts';
import { lockReturn } from '../lock.ts';
import { cancelReturnRefusal, givenUp, moveMessages, type ReturnMoveRefusal } from '../return.ts';
import { cancelledFact, changeReturn, countUnits } from '../write.ts';

/** Given up by the staff, or by the customer whose it is while nothing of it has come back. */
export function returnCancel(ctx: Context, input: { readonly returnId: string }) {
  const { identity, clock } = ctx;
  const id = readId('ret', input.returnId);
  if (identity.kind !== 'CUSTOMER') return ctx.db.write((tx) => cancel(tx, id, null, clock.now()));
  const customer = { kind: 'CUSTOMER', id: identity.subjectId } as const;
  return ctx.as(system(identity.storeId)).db.write((tx) => cancel(tx, id, customer, clock.now()));
}

async function cancel(
  tx: Tx,
  id: Id<'ret'>,
  customer: FactActor | null,
  now: Date,
): Promise<Result<{ id: Id<'ret'> }, ReturnMoveRefusal | 'NOT_FOUND'>> {
  const locked = await lockReturn(tx, id);
  if (!locked || (customer && locked.found.customerId !== customer.id)) return fail('NOT_FOUND', 'No such return.', ['returnId']);
  const { order, found, lines } = locked;
  const refusal = customer && found.status === 'PARTIALLY_RECEIVED' ? 'ALREADY_RECEIVED' : cancelReturnRefusal(found.status);
  if (refusal) return fail(refusal, moveMessages[refusal]);
  const left = lines
    .map(({ lineId, quantity, received }) => ({ lineId, quantity: quantity - received }))
    .filter(({ quantity }) => quantity > 0);
  await changeReturn(tx, id, { status: givenUp(found.status), cancelledAt: now });
  await countUnits(tx, left, { announced: -1, returned: 0 });
  await record(tx, order, {}, [cancelledFact(id, left)], now, customer ?? undefined);
  return ok({ id });
}
