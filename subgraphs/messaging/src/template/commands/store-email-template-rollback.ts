import { fail, ok } from '@storegraph/core';
import { first, own } from '@storegraph/database';
import { validate, type Context } from '@storegraph/subgraph';
import { eq } from 'drizzle-orm';
import { z } from 'zod';
import { which } from '../input.ts';
import { storeEmailTemplates } from '../tables.ts';
import { isOf, lockVersions, overridable, publish } from '../versions.ts';

const schema = which.extend({ version: z.int() });

export async function storeEmailTemplateRollback({ db, clock }: Context, given: unknown) {
  const checked = validate(schema, given);
  if (!checked.ok) return checked;
  const { version, ...named } = checked.value;
  return db.write(async (tx) => {
    const template = await overridable(tx, named);
    if (!template.ok) return template;
    await lockVersions(tx, named);
    const row = first(
      await tx
        .select()
        .from(storeEmailTemplates)
        .where(own(tx, storeEmailTemplates, isOf(named), eq(storeEmailTemplates.version, version))),
    );
    if (!row || row.status === 'DRAFT') return fail('NOT_FOUND', 'No such version was published before.', ['version']);
    if (row.status === 'PUBLISHED') return fail('ALREADY_PUBLISHED', 'This version is sent already.', ['version']);
    return ok(await publish(tx, row, clock.now()));
  });
}
