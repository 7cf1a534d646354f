import { fail, ok } from '@storegraph/core';
import { validate, type Context } from '@storegraph/subgraph';
import { which } from '../input.ts';
import { TemplateFault } from '../liquid.ts';
import { lockVersions, overridable, publish, versionIn } from '../versions.ts';
import { tryOut } from '../try-out.ts';

export async function storeEmailTemplatePublish({ db, clock }: Context, given: unknown) {
  const checked = validate(which, given);
  if (!checked.ok) return checked;
  return db.write(async (tx) => {
    const template = await overridable(tx, checked.value);
    if (!template.ok) return template;
    await lockVersions(tx, checked.value);
    const draft = await versionIn(tx, checked.value, 'DRAFT');
    if (!draft) return fail('NOT_FOUND', 'There is no draft of this template in this language.', ['language']);
    try {
      await tryOut(tx, draft, template.value, draft.language);
    } catch (error) {
      if (error instanceof TemplateFault) return fail('TEMPLATE_FAULTY', error.message);
      throw error;
    }
    return ok(await publish(tx, draft, clock.now()));
  });
}
