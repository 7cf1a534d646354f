import { isRefusal, newId, ok, type Id, type Result } from '@storegraph/core';
import { once, owned } from '@storegraph/database';
import { idempotencyKey, validate, type Context, type InputCode } from '@storegraph/subgraph';
import { z } from 'zod';
import { customerImports } from '../tables.ts';

const schema = z.object({ onExisting: z.enum(['UPDATE', 'SKIP']), dryRun: z.boolean().nullish(), idempotencyKey });
const keptDays = 30;

/** Opens an import, which waits for its file. */
export async function customerImportCreate(
  { db, clock }: Context,
  given: unknown,
): Promise<Result<{ id: Id<'cim'> }, InputCode | 'IDEMPOTENCY_KEY_REUSED'>> {
  const checked = validate(schema, given);
  if (isRefusal(checked)) return checked;
  const { onExisting, dryRun } = checked.value;
  return db.write((tx) =>
    once(tx, 'customerImportCreate', checked.value, async () => {
      const id = newId('cim');
      const expiresAt = new Date(clock.now().getTime() + keptDays * 86_400_000);
      await tx
        .insert(customerImports)
        .values(owned(tx, { id, status: 'AWAITING_FILE' as const, onExisting, dryRun: dryRun ?? false, expiresAt }));
      return ok({ id });
    }),
  );
}
