import { setTimeout as pause } from 'node:timers/promises';
import { fail, isRefusal, toUuid, type Id, type Refusal, type Result } from '@storegraph/core';
import { first, own, storeOf, uuids, type Tx } from '@storegraph/database';
import { eq, inArray, sql } from 'drizzle-orm';
import type { Domain } from './domain.ts';

export async function remember({ tables: { knownCustomers } }: Domain, tx: Tx, ids: readonly Id<'cus'>[]): Promise<void> {
  if (ids.length === 0) return;
  await tx.execute(
    sql`insert into ${knownCustomers} (store_id, id) select ${toUuid(storeOf(tx))}::uuid, unnest(${uuids(ids)}) on conflict do nothing`,
  );
}

export async function unknown({ tables: { knownCustomers } }: Domain, tx: Tx, id: Id<'cus'>): Promise<Refusal<'NOT_FOUND'> | undefined> {
  for (let at = id; ;) {
    const known = first(
      await tx
        .select({ mergedIntoId: knownCustomers.mergedIntoId, erasedAt: knownCustomers.erasedAt })
        .from(knownCustomers)
        .where(own(tx, knownCustomers, eq(knownCustomers.id, at)))
        .for('key share'),
    );
    if (!known || known.erasedAt) return noSuchCustomer();
    if (!known.mergedIntoId) return undefined;
    at = known.mergedIntoId;
  }
}

export async function lock(domain: Domain, tx: Tx, ids: readonly Id<'cus'>[]): Promise<void> {
  const { knownCustomers } = domain.tables;
  await remember(domain, tx, ids);
  await tx
    .select({ id: knownCustomers.id })
    .from(knownCustomers)
    .where(own(tx, knownCustomers, inArray(knownCustomers.id, [...ids])))
    .orderBy(knownCustomers.id)
    .for('update');
}

export const noSuchCustomer = (): Refusal<'NOT_FOUND'> => fail('NOT_FOUND', 'The store has no such customer.', ['customerId']);

/** In milliseconds; about a second in all, half of what a request has. */
const pauses = [10, 20, 40, 80, 150, 300, 400];

/**
 * Runs a command again for a moment while it refuses with NOT_FOUND for `customerId`: a customer that was created just now is known here
 * only when its event has come. Each attempt is a transaction of its own, so the wait holds no connection.
 */
export async function untilCustomerKnown<T, Code extends string>(
  signal: AbortSignal,
  attempt: () => Promise<Result<T, Code>>,
): Promise<Result<T, Code>> {
  let result = await attempt();
  for (const length of pauses) {
    if (!isRefusal(result) || !result.problems.some(isUnknownCustomer)) break;
    await pause(length, undefined, { signal });
    result = await attempt();
  }
  return result;
}

const isUnknownCustomer = ({ code, field }: { code: string; field: readonly string[] | null }) =>
  code === 'NOT_FOUND' && field?.[0] === 'customerId';
