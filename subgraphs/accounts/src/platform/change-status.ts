import { fail, isRefusal, ok, type Result } from '@storegraph/core';
import { emit, signal, type storeReinstated, type storeSuspended } from '@storegraph/events';
import { idOf, noteActivity, text, validate, type Context, type InputCode } from '@storegraph/subgraph';
import { z } from 'zod';
import { changeStoreStatus, type PlatformStoreRow } from './lookups.ts';
import { refusalOf, refusalText, type RefusalOf } from '../store/life-cycle.ts';
import { lockStore, storeRow } from '../store/queries.ts';

const shape = z.object({ storeId: idOf('sto'), reason: text(500) });

/** Takes a store to another status, with a reason that stands in its log. Whoever is in it is out, or in again, with the very next request. */
export async function changeStatus<Step extends 'SUSPEND' | 'REINSTATE'>(
  ctx: Context,
  step: Step,
  event: typeof storeSuspended | typeof storeReinstated,
  input: unknown,
): Promise<Result<PlatformStoreRow, InputCode | RefusalOf<Step> | 'NOT_FOUND'>> {
  const checked = validate(shape, input);
  if (isRefusal(checked)) return checked;
  const { storeId, reason } = checked.value;
  return ctx.as({ ...ctx.identity, storeId, permissions: [] }).db.write(async (tx) => {
    const store = await lockStore(tx);
    if (!store) return fail('NOT_FOUND', 'No such store.', ['storeId']);
    const refusal = refusalOf(step, store.status);
    if (refusal) return fail(refusal, refusalText[refusal], ['storeId']);
    const at = ctx.clock.now();
    await changeStoreStatus(tx, step === 'SUSPEND' ? 'SUSPENDED' : 'ACTIVE', reason, at);
    await emit(tx, event({ storeId, at }, { personal: { reason } }));
    await signal(tx, 'credentials', { storeId });
    noteActivity(tx, { reason, resource: { kind: 'Store', id: storeId } });
    return ok(await storeRow(tx));
  });
}
