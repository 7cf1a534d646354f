import { fail, newId, ok, type Id, type Result } from '@storegraph/core';
import { first, insertRows, once, own, owned, type Tx } from '@storegraph/database';
import { discountCodeBatchCreated, emit } from '@storegraph/events';
import { idempotencyKey, idOf, text, validate, type Context } from '@storegraph/subgraph';
import { eq, sql } from 'drizzle-orm';
import { z } from 'zod';
import { isHardToGuess, normalizeCode, randomCode } from '../code.ts';
import { codeAddRefusal } from '../discount.ts';
import { limit } from '../input.ts';
import { discountCodeBatches, discountCodes, discounts } from '../tables.ts';
import { usualLength } from '../write.ts';
import { codeAddMessages } from './discount-code-create.ts';

const schema = z.object({
  discountId: idOf('dsc'),
  count: z.int().min(1, { error: 'Must be at least 1.' }).max(10_000, { error: 'Must be at most 10,000.' }),
  prefix: text(20)
    .regex(/^[A-Za-z0-9_-]*$/, { error: 'May hold letters, digits, _ and - only.' })
    .nullish(),
  length: z.int().min(4, { error: 'Must be at least 4.' }).max(32, { error: 'Must be at most 32.' }).nullish(),
  usageLimit: limit.nullish(),
  endsAt: z.date().nullish(),
  idempotencyKey,
});
type Input = z.output<typeof schema>;
type Code = 'NOT_FOUND' | 'ARCHIVED' | 'NOT_BY_CODE' | 'TOO_SHORT';

export async function discountCodeBatchCreate({ db }: Context, given: unknown) {
  const checked = validate(schema, given);
  if (!checked.ok) return checked;
  const input = checked.value;
  return db.write((tx) => once(tx, 'discountCodeBatchCreate', input, () => make(tx, input)));
}

async function make(tx: Tx, input: Input): Promise<Result<{ id: Id<'dbt'> }, Code>> {
  const { discountId, count, prefix = null, length: asked, usageLimit, endsAt = null } = input;
  const length = asked ?? usualLength;
  const isIt = eq(discounts.id, discountId);
  const discount = first(
    await tx
      .select()
      .from(discounts)
      .where(own(tx, discounts, isIt)),
  );
  if (!discount) return fail('NOT_FOUND', 'No such discount.', ['discountId']);
  const refusal = codeAddRefusal(discount);
  if (refusal) return fail(refusal, codeAddMessages[refusal]);
  if (!isHardToGuess(length, count)) return fail('TOO_SHORT', 'Some of so many codes would be found by trying.', ['length']);

  const batchId = newId('dbt');
  // Null is as often as the discount; left out is once.
  const about = { discountId, prefix, usageLimit: usageLimit === undefined ? 1 : usageLimit, endsAt };
  await tx.insert(discountCodeBatches).values(owned(tx, { ...about, id: batchId, length, count }));
  for (let left = count; left > 0;) left -= await insertCodes(tx, batchId, left, length, about);
  await emit(tx, discountCodeBatchCreated({ discountId, batchId, count }));
  return ok({ id: batchId });
}

/** Those that the store has already, by a chance of one in millions, are left out: gives how many are new. */
function insertCodes(
  tx: Tx,
  batchId: Id<'dbt'>,
  count: number,
  length: number,
  { prefix, ...about }: { discountId: Id<'dsc'>; prefix: string | null; usageLimit: number | null; endsAt: Date | null },
): Promise<number> {
  const rows = Array.from({ length: count }, () => {
    const code = randomCode(prefix, length);
    return owned(tx, { ...about, id: newId('dcd'), batchId, code, normalized: normalizeCode(code) });
  });
  return insertRows(tx, discountCodes, rows, { onConflict: sql`on conflict (store_id, normalized) do nothing` });
}
