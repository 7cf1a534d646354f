import { fail, ok } from '@storegraph/core';
import { idOf, multiline, validate, type Context } from '@storegraph/subgraph';
import { z } from 'zod';
import { record } from '../../order/record.ts';
import { lockReturn } from '../lock.ts';
import { decideRefusal, moveMessages } from '../return.ts';
import { changeReturn, countUnits, declinedFact } from '../write.ts';

const schema = z.object({ returnId: idOf('ret'), reason: multiline(1000).nullish() });

export async function returnDecline({ db, clock }: Context, given: unknown) {
  const checked = validate(schema, given);
  if (!checked.ok) return checked;
  const { returnId, reason: declineReason = null } = checked.value;
  return db.write(async (tx) => {
    const locked = await lockReturn(tx, returnId);
    if (!locked) return fail('NOT_FOUND', 'No such return.', ['returnId']);
    const { order, found, lines } = locked;
    const refusal = decideRefusal(found.status);
    if (refusal) return fail(refusal, moveMessages[refusal]);
    const now = clock.now();
    await changeReturn(tx, found.id, { status: 'DECLINED', declinedAt: now, declineReason });
    await countUnits(tx, lines, { announced: -1, returned: 0 });
    await record(tx, order, {}, [declinedFact(found.id)], now);
    return ok({ id: found.id });
  });
}
