import type { CustomerId } from '@storegraph/core';
import { own, prepared, uuidArray, type Tx } from '@storegraph/database';
import { inOrder, loader, type Context, type LoadContext } from '@storegraph/subgraph';
import { sql } from 'drizzle-orm';
import { survivors } from '../merge/forward.ts';
import { customers, type CustomerRow } from './tables.ts';

export const loaders = (ctx: LoadContext) => ({
  byId: loader(ctx, (ids: readonly CustomerId[]) =>
    ctx.db.read(async (tx) => inOrder(ids, await found(tx, await customersById(tx, ids)), ({ asked }) => asked.id).map(answerOf)),
  ),
  byNumber: loader(ctx, (numbers: readonly number[]) =>
    ctx.db.read(async (tx) =>
      inOrder(numbers, await found(tx, await customersByNumber(tx, numbers)), ({ asked }) => asked.number).map(answerOf),
    ),
  ),
});

/** The customer that a row belongs to. Whoever may see the row may see its customer. */
export async function customerOf({ load }: Context, { customerId }: { readonly customerId: CustomerId }): Promise<CustomerRow> {
  const customer = await load(loaders).byId.load(customerId);
  if (!customer) throw new Error('A row of a customer who is not there.');
  return customer;
}

interface Found {
  readonly asked: CustomerRow;
  /** Whoever answers for the one that was asked about: another one where that was merged, and null where the caller may not see that one. */
  readonly answer: CustomerRow | null;
}

const answerOf = (one: Found | null): CustomerRow | null => one?.answer ?? null;

/** Two more statements where somebody of them was merged. */
async function found(tx: Tx, rows: readonly CustomerRow[]): Promise<Found[]> {
  const merged = rows.filter(({ mergedIntoId }) => mergedIntoId !== null);
  if (merged.length === 0) return rows.map((row) => ({ asked: row, answer: row }));
  const ends = await survivors(
    tx,
    merged.map(({ id }) => id),
  );
  const known = new Map(rows.filter(({ mergedIntoId }) => mergedIntoId === null).map((row) => [row.id, row]));
  const others = [...new Set(ends.values())].filter((id) => !known.has(id));
  if (others.length > 0) for (const row of await customersById(tx, others)) known.set(row.id, row);
  return rows.map((row) => ({ asked: row, answer: known.get(ends.get(row.id) ?? row.id) ?? null }));
}

const customersById = prepared<readonly CustomerId[], CustomerRow>((tx, parameter) =>
  tx
    .select()
    .from(customers)
    .where(own(tx, customers, sql`${customers.id} = any(${parameter(uuidArray)}::uuid[])`)),
);

const customersByNumber = prepared<readonly number[], CustomerRow>((tx, parameter) =>
  tx
    .select()
    .from(customers)
    .where(own(tx, customers, sql`${customers.number} = any(${parameter((numbers) => `{${numbers.join(',')}}`)}::integer[])`)),
);
