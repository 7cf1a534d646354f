import { fail, ok } from '@storegraph/core';
import { own } from '@storegraph/database';
import { validate, type Context } from '@storegraph/subgraph';
import { eq } from 'drizzle-orm';
import { which } from '../input.ts';
import { resolveTemplate } from '../resolve.ts';
import { storeEmailTemplates } from '../tables.ts';
import { isOf, lockVersions, retire } from '../versions.ts';

export async function storeEmailTemplateDelete({ db }: Context, given: unknown) {
  const checked = validate(which, given);
  if (!checked.ok) return checked;
  const { code, language } = checked.value;
  return db.write(async (tx) => {
    await lockVersions(tx, checked.value);
    const drafts = await tx
      .delete(storeEmailTemplates)
      .where(own(tx, storeEmailTemplates, isOf(checked.value), eq(storeEmailTemplates.status, 'DRAFT')))
      .returning({ id: storeEmailTemplates.id });
    const published = await retire(tx, checked.value);
    const resolution = await resolveTemplate(tx, code, language);
    if (drafts.length + published === 0 || !resolution)
      return fail('NOT_FOUND', 'The store has no words of its own for this template.', ['code']);
    return ok(resolution);
  });
}
