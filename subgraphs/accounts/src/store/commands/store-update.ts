import { fail, isRefusal, ok } from '@storegraph/core';
import { first, own } from '@storegraph/database';
import { emit, storeUpdated } from '@storegraph/events';
import { validate, type Context } from '@storegraph/subgraph';
import { eq } from 'drizzle-orm';
import { callerStore } from '../../caller.ts';
import type { StoreUpdateInput } from '../../generated/graphql.ts';
import { claimStoreName } from '../../lookups.ts';
import { storeChange } from '../store.ts';
import { stores } from '../tables.ts';

export async function storeUpdate({ db, identity, clock }: Context, input: StoreUpdateInput) {
  const checked = validate(storeChange, input);
  if (isRefusal(checked)) return checked;
  const change = checked.value;
  const storeId = callerStore(identity);

  return db.write(async (tx) => {
    if (change.domain !== undefined && !(await claimStoreName(tx, 'DOMAIN', change.domain))) {
      return fail('DOMAIN_TAKEN', 'Another store has this domain.', ['domain']);
    }
    const store = first(
      await tx
        .update(stores)
        .set({ ...change, updatedAt: clock.now() })
        .where(own(tx, stores, eq(stores.id, storeId)))
        .returning(),
    );
    if (!store) return fail('NOT_FOUND', 'No such store.');
    const { name, domain, country, timezone, defaultLanguage } = store;
    await emit(tx, storeUpdated({ storeId, name, domain, country, timezone, defaultLanguage }));
    return ok(store);
  });
}
