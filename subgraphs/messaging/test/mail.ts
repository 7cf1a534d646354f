import { randomUUID } from 'node:crypto';
import { createSealer, deriveSecrets, type Sealer } from '@storegraph/auth';
import { fromUuid, newId, toUuid, type Clock, type StoreId } from '@storegraph/core';
import { emit, type DraftEvent } from '@storegraph/events';
import { deploymentSecret, identity, subgraphHarness, type SubgraphHarness, type TestClient } from '@storegraph/testing';
import { vi } from 'vitest';
import { deliverEmail } from '../src/email/deliver.ts';
import { messaging } from '../src/index.ts';
import { postOffice, type PostOffice } from './post-office.ts';

/** The mail part of messaging on a database of its own, with a real mail server to which the platform's mails go. */
export interface MailHarness extends SubgraphHarness {
  readonly office: PostOffice;
  readonly sealer: Sealer;
  /** The owner of a store. */
  staff(storeId: StoreId): TestClient;
  /** A new store that messaging has been told of. */
  store(settings?: { name?: string; language?: string }): Promise<StoreId>;
  /** Emits as another domain does, and waits until it was heard. Before the first time, `settled()`: effects come of what is told from then on. */
  tell(domain: string, storeId: StoreId | null, ...events: DraftEvent[]): Promise<void>;
  /** One attempt at each mail that is queued and due, in the order of their queueing. */
  deliver(storeId: StoreId | null): Promise<void>;
  /** What is stored of the mails of a store, or of the platform, the oldest first. */
  logged(storeId: StoreId | null): Promise<LoggedEmail[]>;
  /** The kinds of what was heard of a mail. */
  heardOf(id: string): Promise<string[]>;
  secret(value: string): { value: string; sealer: Sealer; expiresAt: Date };
}

export interface LoggedEmail extends Record<string, unknown> {
  readonly id: string;
  readonly template_code: string;
  readonly language: string;
  readonly rung: string;
  readonly recipient: string;
  readonly subject: string;
  readonly status: string;
  readonly content: string | null;
  readonly attempts: number;
  readonly error_code: string | null;
  readonly customer_id: string | null;
}

/** A mutation; the payload's fields stand beside its errors. */
export async function mutate<Payload = Record<string, unknown>>(
  client: TestClient,
  name: string,
  input: object,
  selection = '',
): Promise<Payload & { userErrors: UserError[] }> {
  const type = `${name.charAt(0).toUpperCase()}${name.slice(1)}Input`;
  const answer = await client.data<Record<string, Payload & { userErrors: UserError[] }>>(
    `mutation ($input: ${type}!) { ${name}(input: $input) { ${selection} userErrors { code field } } }`,
    { input },
  );
  const payload = answer[name];
  if (!payload) throw new Error(`${name} gave nothing`);
  return payload;
}

/** The codes and fields with which a mutation was refused. */
export const refused = async (client: TestClient, name: string, input: object): Promise<[string, string | null][]> =>
  (await mutate(client, name, input)).userErrors.map(({ code, field }) => [code, field?.join('.') ?? null]);

interface UserError {
  readonly code: string;
  readonly field: readonly string[] | null;
}

export async function mailHarness(options: { clock?: Clock } = {}): Promise<MailHarness> {
  const office = await postOffice();
  vi.stubEnv('STOREGRAPH_SMTP_URL', office.url);
  const harness = await subgraphHarness(messaging, options);
  const { sealingKey } = deriveSecrets(deploymentSecret);
  const sealer = createSealer({ keys: [sealingKey], current: sealingKey.id });

  const tell: MailHarness['tell'] = async (domain, storeId, ...events) => {
    const db = harness.pool.session({ domain, identity: identity.system(storeId), correlationId: randomUUID(), origin: 'LIVE' });
    await db.write((tx) => emit(tx, ...events));
    await db.end();
    await harness.settled();
  };
  const table = (storeId: StoreId | null) => (storeId === null ? 'messaging.platform_email_logs' : 'messaging.email_logs');
  const logged: MailHarness['logged'] = (storeId) =>
    harness.admin<LoggedEmail>(
      `select * from ${table(storeId)} ${storeId === null ? '' : 'where store_id = $1'} order by created_at, id`,
      storeId === null ? [] : [toUuid(storeId)],
    );
  return {
    ...harness,
    office,
    sealer,
    staff: (storeId) => harness.as(identity.staff(storeId)),
    tell,
    logged,
    store: async ({ name = 'Blue Kettle', language = 'en' } = {}) => {
      const storeId = newId('sto');
      await harness.admin(`insert into messaging.known_stores (store_id, name, language, time_zone) values ($1, $2, $3, 'Europe/London')`, [
        toUuid(storeId),
        name,
        language,
      ]);
      return storeId;
    },
    deliver: async (storeId) => {
      for (const { id, status } of await logged(storeId))
        if (status === 'QUEUED' || status === 'DEFERRED') await harness.runJob(deliverEmail, { emailId: fromUuid('eml', id) }, { storeId });
    },
    heardOf: async (id) => {
      const rows = await harness.admin<{ kind: string }>(
        `select kind from messaging.email_events where email_id = $1 union all select kind from messaging.platform_email_events where email_id = $1`,
        [id],
      );
      return rows.map(({ kind }) => kind);
    },
    secret: (value) => ({ value, sealer, expiresAt: new Date(Date.now() + 3_600_000) }),
  };
}
