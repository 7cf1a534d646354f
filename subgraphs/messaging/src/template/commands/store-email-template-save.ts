import { newId, ok, parseId } from '@storegraph/core';
import { one, own, owned, type Tx } from '@storegraph/database';
import { validate, type Context } from '@storegraph/subgraph';
import { eq, max } from 'drizzle-orm';
import { refusingFaults, which, words, wordsOf } from '../input.ts';
import { storeEmailTemplates } from '../tables.ts';
import { tryOut } from '../try-out.ts';
import { isOf, lockVersions, overridable, versionIn } from '../versions.ts';

const schema = which.extend(words.shape);

/** It is rendered with the samples before it is stored: what can't be sent can't be saved. */
export function storeEmailTemplateSave({ db, identity }: Context, given: unknown) {
  const checked = validate(schema, given);
  if (!checked.ok) return checked;
  const { code, language } = checked.value;
  const said = wordsOf(checked.value);
  return refusingFaults(['source'], () =>
    db.write(async (tx) => {
      const template = await overridable(tx, { code, language });
      if (!template.ok) return template;
      await tryOut(tx, said, template.value, language);
      await lockVersions(tx, { code, language });
      const draft = await versionIn(tx, { code, language }, 'DRAFT');
      const based = { basedOnVersion: template.value.version, basedOnLanguage: template.value.language };
      if (draft) {
        const isDraft = own(tx, storeEmailTemplates, eq(storeEmailTemplates.id, draft.id));
        return ok(
          one(
            await tx
              .update(storeEmailTemplates)
              .set({ ...said, ...based })
              .where(isDraft)
              .returning(),
          ),
        );
      }
      const row = {
        id: newId('set'),
        code,
        language,
        version: (await lastVersion(tx, { code, language })) + 1,
        status: 'DRAFT' as const,
        ...said,
        ...based,
        createdById: parseId('usr', identity.subjectId) ?? null,
      };
      return ok(one(await tx.insert(storeEmailTemplates).values(owned(tx, row)).returning()));
    }),
  );
}

async function lastVersion(tx: Tx, named: { code: string; language: string }): Promise<number> {
  const [row] = await tx
    .select({ last: max(storeEmailTemplates.version) })
    .from(storeEmailTemplates)
    .where(own(tx, storeEmailTemplates, isOf(named)));
  return row?.last ?? 0;
}
