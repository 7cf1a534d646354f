import type { CustomerId } from '@storegraph/core';
import { own, type Tx } from '@storegraph/database';
import { inOrder, loader, type Context, type LoadContext } from '@storegraph/subgraph';
import { inArray, type SQL } from 'drizzle-orm';
import { survivors } from '../merge/forward.ts';
import { customers, type CustomerRow } from './tables.ts';

export const loaders = (ctx: LoadContext) => ({
  byId: loader(ctx, (ids: readonly CustomerId[]) =>
    ctx.db.read(async (tx) => inOrder(ids, await found(tx, inArray(customers.id, [...ids])), ({ asked }) => asked.id).map(answerOf)),
  ),
  byNumber: loader(ctx, (numbers: readonly number[]) =>
    ctx.db.read(async (tx) =>
      inOrder(numbers, await found(tx, inArray(customers.number, [...numbers])), ({ asked }) => asked.number).map(answerOf),
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

/** One statement, and two more where somebody of them was merged. */
async function found(tx: Tx, condition: SQL): Promise<Found[]> {
  const rows = await select(tx, condition);
  const merged = rows.filter(({ mergedIntoId }) => mergedIntoId !== null);
  if (merged.length === 0) return rows.map((row) => ({ asked: row, answer: row }));
  const ends = await survivors(
    tx,
    merged.map(({ id }) => id),
  );
  const known = new Map(rows.filter(({ mergedIntoId }) => mergedIntoId === null).map((row) => [row.id, row]));
  const others = [...new Set(ends.values())].filter((id) => !known.has(id));
  if (others.length > 0) for (const row of await select(tx, inArray(customers.id, others))) known.set(row.id, row);
  return rows.map((row) => ({ asked: row, answer: known.get(ends.get(row.id) ?? row.id) ?? null }));
}

const select = (tx: Tx, condition: SQL): Promise<CustomerRow[]> =>
  tx
    .select()
    .from(customers)
    .where(own(tx, customers, condition));
