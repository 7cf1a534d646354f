import { fail, isRefusal, ok } from '@storegraph/core';
import { emit, signal, storeClosed } from '@storegraph/events';
import { noteActivity, text, validate, type Context } from '@storegraph/subgraph';
import { z } from 'zod';
import { callerStore } from '../../caller.ts';
import type { StoreCloseInput } from '../../generated/graphql.ts';
import { changeStoreStatus } from '../../platform/lookups.ts';
import { refusalOf, refusalText } from '../life-cycle.ts';
import { lockStore, storeRow } from '../queries.ts';

const shape = z.object({ slug: z.string().min(1).max(40), reason: text(500).nullish() });

export async function storeClose({ db, identity, clock }: Context, input: StoreCloseInput) {
  const checked = validate(shape, input);
  if (isRefusal(checked)) return checked;
  const { slug, reason = null } = checked.value;
  const storeId = callerStore(identity);
  return db.write(async (tx) => {
    const store = await lockStore(tx);
    if (!store) return fail('NOT_FOUND', 'No such store.');
    if (store.slug !== slug) return fail('SLUG_MISMATCH', 'Type the slug of the store to confirm.', ['slug']);
    const refusal = refusalOf('CLOSE', store.status);
    if (refusal) return fail(refusal, refusalText[refusal]);

    const at = clock.now();
    await changeStoreStatus(tx, 'CLOSED', reason, at);
    const by = identity.kind === 'PLATFORM' ? ('PLATFORM' as const) : ('STORE' as const);
    await emit(tx, storeClosed({ storeId, at, by }, { personal: { reason } }));
    await signal(tx, 'credentials', { storeId });
    noteActivity(tx, { reason });
    return ok(await storeRow(tx));
  });
}
