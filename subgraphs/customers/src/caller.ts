import { system, type Identity } from '@storegraph/auth';
import { fail, ok, parseId, type CustomerId, type Id, type Result, type StoreId } from '@storegraph/core';
import type { Db } from '@storegraph/database';
import type { Context } from '@storegraph/subgraph';

/** The store that the request names by header or token. Shoppers log in to one store and to no other. */
export const namedStore = ({ identity }: Context): Result<StoreId, 'NO_STORE'> =>
  identity.storeId === null ? fail('NO_STORE', 'Name the store with the header x-storegraph-store.') : ok(identity.storeId);

/** The customer who is logged in; undefined for everybody else. */
export const callerCustomer = ({ kind, subjectId }: Identity): CustomerId | undefined =>
  kind === 'CUSTOMER' ? parseId('cus', subjectId) : undefined;

/** The session of the customer who is logged in. */
export const callerSession = ({ kind, sessionId }: Identity): Id<'cse'> | undefined =>
  kind === 'CUSTOMER' ? parseId('cse', sessionId) : undefined;

/**
 * For a command on what belongs to a customer: the tables as those have them who work in the store, and whether the caller may touch what is that
 * customer's. A customer's own rights are to read; what it writes, of its own alone, the store writes for it.
 */
export function ownerOf(ctx: Context): { readonly db: Db; owns(customerId: CustomerId): boolean } {
  const { identity, db } = ctx;
  if (identity.kind !== 'CUSTOMER') return { db, owns: () => true };
  const self = callerCustomer(identity);
  return { db: ctx.as(system(identity.storeId)).db, owns: (customerId) => customerId === self };
}
