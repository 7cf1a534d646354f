import { fail, ok, type Result } from '@storegraph/core';
import { once, type Tx } from '@storegraph/database';
import { email, idempotencyKey, validate, type Context } from '@storegraph/subgraph';
import { sendResolved } from '../../email/send.ts';
import type { EmailRow } from '../../email/tables.ts';
import { which } from '../input.ts';
import { ofStoreVersion, resolveTemplate, type Resolution } from '../resolve.ts';
import { sampleOf } from '../template.ts';
import { overridable, versionIn } from '../versions.ts';

const schema = which.extend({ recipient: email, idempotencyKey });

export function emailTemplateTestSend({ db, clock, services: { sealer } }: Context, given: unknown) {
  const checked = validate(schema, given);
  if (!checked.ok) return checked;
  const input = checked.value;
  const { code, language, recipient } = input;
  return db.write((tx) =>
    once(
      tx,
      'emailTemplateTestSend',
      input,
      async (): Promise<Result<Pick<EmailRow, 'id'>, 'NOT_FOUND' | 'PLATFORM_ONLY' | 'TEMPLATE_FAULTY'>> => {
        const found = await draftOrSent(tx, { code, language });
        if (!found.ok) return found;
        const sent = await sendResolved(
          tx,
          sealer,
          clock.now(),
          { code, to: { email: recipient }, language, values: sampleOf(found.value.template.variables), data: { test: true } },
          found.value,
        );
        if (!sent.ok || sent.value === null)
          return fail('TEMPLATE_FAULTY', sent.ok ? 'It was not sent.' : (sent.problems[0]?.message ?? ''), ['code']);
        return ok({ id: sent.value.id });
      },
    ),
  );
}

/** Mails of the platform alone could pass for real ones: nobody has a sample of them sent. */
async function draftOrSent(tx: Tx, named: { code: string; language: string }): Promise<Result<Resolution, 'NOT_FOUND' | 'PLATFORM_ONLY'>> {
  const template = await overridable(tx, named);
  if (!template.ok) return template;
  const draft = await versionIn(tx, named, 'DRAFT');
  if (draft) return ok(ofStoreVersion(draft, 'EXACT', template.value));
  const found = await resolveTemplate(tx, named.code, named.language);
  return found ? ok(found) : fail('NOT_FOUND', 'There is no template of this code.', ['code']);
}
