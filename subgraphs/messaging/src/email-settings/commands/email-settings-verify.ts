import { fail, ok, type Result } from '@storegraph/core';
import { once } from '@storegraph/database';
import { email, idempotencyKey, validate, type Context } from '@storegraph/subgraph';
import { z } from 'zod';
import { sendEmail } from '../../email/send.ts';
import type { EmailRow } from '../../email/tables.ts';
import { storeOfMessages } from '../../store/known.ts';
import { isConfigured, lockSettings } from '../find.ts';
import { checkOf } from '../verification.ts';

const schema = z.object({ recipient: email, idempotencyKey });

/** The mail goes by a job, as every mail does: servers take their time, and requests have none. */
export async function emailSettingsVerify({ db, clock, services: { sealer } }: Context, given: unknown) {
  const checked = validate(schema, given);
  if (!checked.ok) return checked;
  const input = checked.value;
  return db.write((tx) =>
    once(tx, 'emailSettingsVerify', input, async (): Promise<Result<Pick<EmailRow, 'id'>, 'NOT_CONFIGURED'>> => {
      const settings = await lockSettings(tx);
      if (!settings || !isConfigured(settings)) return fail('NOT_CONFIGURED', 'There is no server to verify.');
      const language = (await storeOfMessages(tx))?.language ?? null;
      const sent = await sendEmail(tx, sealer, clock.now(), {
        code: 'email-settings-check',
        to: { email: input.recipient },
        language,
        values: {},
        ...checkOf(settings),
      });
      if (!sent.ok || !sent.value) throw new Error('The mail that verifies settings could not be written');
      return ok({ id: sent.value.id });
    }),
  );
}
