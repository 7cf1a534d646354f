import { createSealer, deriveSecrets } from '@storegraph/auth';
import { secretPlace } from '@storegraph/events';
import type { TestDatabase } from './database.ts';
import { deploymentSecret } from './deployment.ts';

/** An event that tells the mail service to write to somebody, with the token of the link. */
export interface Mailed extends Record<string, unknown> {
  readonly type: string;
  readonly payload: Readonly<Record<string, unknown>>;
  readonly personal: Readonly<Record<string, unknown>>;
  readonly secret: string;
}

/**
 * What was sealed for the mail service to send to an address, the oldest first. Read from the log as that service will be given it, without
 * waiting for a dispatcher.
 */
export async function mailedTo({ admin }: Pick<TestDatabase, 'admin'>, email: string, type = '%'): Promise<Mailed[]> {
  const rows = await admin<Mailed & { id: string }>(
    `select id, type, payload, personal, secret from events.log where secret_for = 'messaging' and secret is not null and personal->>'email' = $1 and type like $2
     order by ordinal`,
    [email, type],
  );
  const { sealingKey } = deriveSecrets(deploymentSecret);
  const sealer = createSealer({ keys: [sealingKey], current: sealingKey.id });
  return rows.map(({ id, secret, ...event }) => ({ ...event, secret: sealer.open(secret, secretPlace(id)) }));
}

/** The secret that was last mailed to an address. */
export async function mailedSecret(database: Pick<TestDatabase, 'admin'>, email: string, type = 'invitation.%'): Promise<string> {
  const last = (await mailedTo(database, email, type)).at(-1);
  if (!last) throw new Error(`Nothing was mailed to ${email}`);
  return last.secret;
}
