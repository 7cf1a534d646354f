import { fail, ok } from '@storegraph/core';
import { readId, type Context } from '@storegraph/subgraph';
import { record } from '../../order/record.ts';
import { lockReturn } from '../lock.ts';
import { decideRefusal, moveMessages } from '../return.ts';
import { approvedFact, changeReturn } from '../write.ts';

export function returnApprove({ db, clock }: Context, input: { readonly returnId: string }) {
  return db.write(async (tx) => {
    const locked = await lockReturn(tx, readId('ret', input.returnId));
    if (!locked) return fail('NOT_FOUND', 'No such return.', ['returnId']);
    const { order, found } = locked;
    const refusal = decideRefusal(found.status);
    if (refusal) return fail(refusal, moveMessages[refusal]);
    const now = clock.now();
    await changeReturn(tx, found.id, { status: 'APPROVED', approvedAt: now });
    await record(tx, order, {}, [approvedFact(found.id)], now);
    return ok({ id: found.id });
  });
}
