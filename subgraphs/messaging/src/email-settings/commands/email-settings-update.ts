import type { Sealer } from '@storegraph/auth';
import { fail, newId, ok, type Result, type StoreId } from '@storegraph/core';
import { one, own, owned, storeOf, type Tx } from '@storegraph/database';
import { email, multiline, optional, text, validate, type Context } from '@storegraph/subgraph';
import { eq } from 'drizzle-orm';
import { z } from 'zod';
import { lockSettings } from '../find.ts';
import { passwordPlace } from '../route.ts';
import { emailProviders, emailSettings, type EmailSettingsRow } from '../tables.ts';

const hostname = text(253).regex(/^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/i, {
  error: 'Must be the name of a server, such as smtp.example.com, or an IPv4 address.',
});

const smtp = z.object({
  host: hostname,
  port: z.int().min(1).max(65_535),
  secure: z.boolean(),
  user: optional(text(255)),
  // A password may begin or end with a blank.
  password: z
    .string()
    .max(1_000)
    .regex(/^[^\p{Cc}\p{Cs}]*$/u, { error: 'Must not contain control characters.' })
    .nullish(),
});

const schema = z.object({
  fromName: optional(text(100)),
  fromEmail: optional(email),
  replyTo: optional(email),
  signature: optional(multiline(1_000)),
  storefrontUrl: optional(text(500).pipe(z.url({ protocol: /^https?$/, error: 'Must be a web address.' }))),
  provider: z.enum(emailProviders).nullish(),
  smtp: smtp.nullish(),
});

type Input = z.output<typeof schema>;
type Settings = Omit<EmailSettingsRow, 'storeId' | 'createdAt' | 'updatedAt'>;

const nothingSet = (): Settings => ({
  id: newId('ems'),
  fromName: null,
  fromEmail: null,
  replyTo: null,
  signature: null,
  storefrontUrl: null,
  ...noServer,
  verified: false,
  lastVerifiedAt: null,
  verificationError: null,
  revision: 0,
});

const noServer = { provider: null, smtpHost: null, smtpPort: null, smtpSecure: null, smtpUser: null, smtpPasswordSealed: null } as const;

export async function emailSettingsUpdate({ db, services: { sealer } }: Context, given: unknown) {
  const checked = validate(schema, given);
  if (!checked.ok) return checked;
  const input = checked.value;
  return db.write(async (tx) => {
    const stored = await lockSettings(tx);
    const before = stored ?? nothingSet();
    const changed = change(before, input, { sealer, storeId: storeOf(tx) });
    if (!changed.ok) return changed;
    const after = { ...changed.value, ...(leavesAsBefore(before, changed.value) ? {} : unverified(before)) };
    return ok(await put(tx, stored === undefined, after));
  });
}

/** The settings as they become. What was left out stays. */
function change(
  before: Settings,
  input: Input,
  place: { sealer: Sealer; storeId: StoreId },
): Result<Settings, 'REQUIRED' | 'NOT_ENTITLED'> {
  const { smtp: server, provider = before.provider, ...rest } = input;
  const words = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined)) as Partial<Settings>;
  const after = { ...before, ...words };
  if (provider === null) return ok({ ...after, ...noServer });
  if (provider !== 'SMTP') return fail('NOT_ENTITLED', `The store’s plan does not include ${provider}.`, ['provider']);
  if (after.fromEmail === null) return fail('REQUIRED', 'A server of your own needs the address that mails are from.', ['fromEmail']);
  if (!server) return before.smtpHost === null ? fail('REQUIRED', 'Is required.', ['smtp']) : ok({ ...after, provider });
  const smtpUser = server.user ?? null;
  const sameLogin = before.smtpHost === server.host && before.smtpPort === server.port && before.smtpUser === smtpUser;
  const smtpPasswordSealed =
    server.password != null
      ? place.sealer.seal(server.password, passwordPlace(place.storeId, before.id))
      : sameLogin
        ? before.smtpPasswordSealed
        : null;
  return ok({ ...after, provider, smtpHost: server.host, smtpPort: server.port, smtpSecure: server.secure, smtpUser, smtpPasswordSealed });
}

/** Whether mails leave by the same server, login and sender. */
const leavesAsBefore = (before: Settings, after: Settings): boolean =>
  (['provider', 'smtpHost', 'smtpPort', 'smtpSecure', 'smtpUser', 'smtpPasswordSealed', 'fromEmail'] as const).every(
    (name) => before[name] === after[name],
  );

const unverified = ({ revision }: Settings) => ({ verified: false, verificationError: null, revision: revision + 1 });

async function put(tx: Tx, isNew: boolean, settings: Settings): Promise<EmailSettingsRow> {
  if (isNew) return one(await tx.insert(emailSettings).values(owned(tx, settings)).returning());
  const isOne = own(tx, emailSettings, eq(emailSettings.id, settings.id));
  return one(await tx.update(emailSettings).set(settings).where(isOne).returning());
}
