import { createSealer, deriveSecrets } from '@storegraph/auth';
import { newId, systemClock, toUuid, type CustomerId } from '@storegraph/core';
import { owned } from '@storegraph/database';
import { customerErased, customerMerged, customerMergeUndone, emit, type DraftEvent } from '@storegraph/events';
import { customerTables } from '@storegraph/known-customers';
import { deploymentSecret, identity } from '@storegraph/testing';
import { describe, expect, it } from 'vitest';
import { key, messagingHarness, type Somebody } from '../../test/desk.ts';
import { sendEmail } from '../email/send.ts';
import { mailedOrders } from '../notice/tables.ts';
import { harmless, treatments } from './personal.ts';

const harness = await messagingHarness();
const { admin, settled, pool } = harness;
const desk = harness.desk();
const { sealingKey } = deriveSecrets(deploymentSecret);
const sealer = createSealer({ keys: [sealingKey], current: sealingKey.id });
const withCustomer = [...customerTables('messaging').keys()].toSorted();

/** What customers tells, as it does: in a transaction of its own. */
async function tell(...events: readonly DraftEvent[]): Promise<void> {
  const db = pool.session({ domain: 'customers', identity: identity.system(desk.storeId), correlationId: key(), origin: 'LIVE' });
  try {
    await db.write((tx) => emit(tx, ...events));
  } finally {
    await db.end();
  }
  await settled();
}

/** A word that stands in all that is personal of a customer. */
const trace = 'Quillfeather';

/** A mail and an order that is mailed about, as events of an order have it. */
const mailed = (customerId: CustomerId) =>
  desk.write(async (tx) => {
    const to = { email: `${trace}@example.com`, name: trace };
    await tx.insert(mailedOrders).values(owned(tx, { id: newId('ord'), number: '1', customerId, ...to }));
    const values = { number: '1', name: trace, complete: true, link: 'https://shop.example.com' };
    const sent = await sendEmail(tx, sealer, systemClock.now(), { code: 'order-delivered', to, language: null, customerId, values });
    expect(sent.ok).toBe(true);
  });

/** A customer with a bit of everything. */
async function customer(): Promise<Somebody<CustomerId>> {
  const somebody = await desk.customer();
  const conversationId = await desk.conversation(somebody, { subject: trace });
  const messageId = await desk.send(conversationId, { content: `I am ${trace}`, clientId: `${trace} ${key()}` }, somebody.client);
  await desk.done('messageEdit', { messageId, content: `${trace} is my name` }, undefined, somebody.client);
  await desk.send(conversationId, { content: `${trace} shouted`, internal: true });
  const sendAt = new Date(systemClock.now().getTime() + 3_600_000).toISOString();
  await desk.done('messageSchedule', { conversationId, content: `Dear ${trace}`, sendAt, idempotencyKey: key() });
  await mailed(somebody.id);
  return somebody;
}

const ofOne = {
  conversations: 1,
  // STARTED, PARTICIPANT_ADDED, three times MESSAGE_ADDED, MESSAGE_EDITED.
  conversation_events: 6,
  email_logs: 1,
  mailed_orders: 1,
  message_revisions: 1,
  messages: 3,
  participants: 2,
  scheduled_messages: 1,
};
const ofTwo = Object.fromEntries(Object.entries(ofOne).map(([name, count]) => [name, 2 * count]));

/** How many rows of each table name a customer. */
async function rowsOf(customerId: CustomerId): Promise<Record<string, number>> {
  const counts = withCustomer.map((name) => `(select count(*)::integer from messaging.${name} where customer_id = $1) as ${name}`);
  const [row] = await admin<Record<string, number>>(`select ${counts.join(', ')}`, [toUuid(customerId)]);
  return Object.fromEntries(Object.entries(row ?? {}).filter(([, count]) => count > 0));
}

/** Every row of every table with a customer, as text. */
async function everything(where = 'true'): Promise<Record<string, unknown>> {
  const parts = withCustomer.map(
    (name) => `(select jsonb_agg(to_jsonb(t) - 'updated_at' order by to_jsonb(t)) from messaging.${name} t where ${where}) as ${name}`,
  );
  return (await admin(`select ${parts.join(', ')}`))[0] ?? {};
}

const inbox = '{ conversations { totalCount } messageSearch(query: "quillfeather") { totalCount } }';
const found = (conversations: number, messages: number) => ({
  conversations: { totalCount: conversations },
  messageSearch: { totalCount: messages },
});

describe('a merge of customers', () => {
  it('moves every row of every table, and taken back it gives back the same rows', async () => {
    const [survivor, merged] = [await customer(), await customer()];
    expect(await rowsOf(merged.id)).toEqual(ofOne);
    const before = await everything();
    const merge = { mergeId: newId('mrg'), survivorId: survivor.id, mergedId: merged.id };
    await tell(customerMerged(merge));
    expect([await rowsOf(merged.id), await rowsOf(survivor.id)]).toEqual([{}, ofTwo]);
    expect([await merged.client.data(inbox), await survivor.client.data(inbox)]).toEqual([found(0, 0), found(2, 2)]);
    await tell(customerMergeUndone(merge));
    expect(await everything()).toEqual(before);
    expect([await merged.client.data(inbox), await survivor.client.data(inbox)]).toEqual([found(1, 1), found(1, 1)]);
  });

  it('takes along what comes under the old id later', async () => {
    const [survivor, merged] = [await customer(), await customer()];
    await tell(customerMerged({ mergeId: newId('mrg'), survivorId: survivor.id, mergedId: merged.id }));
    await desk.conversation(merged);
    await mailed(merged.id);
    expect(await rowsOf(merged.id)).toEqual({});
    expect(await rowsOf(survivor.id)).toMatchObject({ conversations: 3, email_logs: 3, mailed_orders: 3 });
  });
});

describe('an erasure', () => {
  it('leaves no trace of the person under any id, and conversations as they were numbered', async () => {
    const [survivor, merged, other] = [await customer(), await customer(), await customer()];
    const theirs = `customer_id in ('${toUuid(survivor.id)}', '${toUuid(merged.id)}')`;
    await tell(customerMerged({ mergeId: newId('mrg'), survivorId: survivor.id, mergedId: merged.id }));
    expect(JSON.stringify(await everything(theirs))).toContain(trace);
    await tell(customerErased({ customerId: survivor.id, erasureId: newId('ers'), customerIds: [survivor.id, merged.id] }));
    expect(JSON.stringify(await everything(theirs))).not.toMatch(new RegExp(trace, 'i'));
    expect([await rowsOf(survivor.id), await rowsOf(other.id)]).toEqual([ofTwo, ofOne]);
    expect([await survivor.client.data(inbox), await other.client.data(inbox)]).toEqual([found(2, 0), found(1, 1)]);
    for (const { id: customerId } of [survivor, merged])
      expect(
        await desk.refused('conversationStart', { type: 'STORE_CUSTOMER', customerId, content: 'Hello', idempotencyKey: key() }),
      ).toEqual([['NOT_FOUND', 'customerId']]);
  });

  it('knows what is personal in every table with a customer', async () => {
    expect(Object.keys(treatments).toSorted()).toEqual(withCustomer);
    const columns = await admin<{ place: string; table: string }>(`
      select table_name || '.' || column_name as place, table_name::text as table from information_schema.columns
      where table_schema = 'messaging' and data_type in ('text', 'jsonb', 'json', 'character varying') order by 1`);
    const blanked = Object.entries(treatments).flatMap(([name, { blank }]) => Object.keys(blank).map((column) => `${name}.${column}`));
    const decided = [...blanked, ...harmless].toSorted();
    expect(decided).toEqual(
      columns
        .filter(({ table }) => withCustomer.includes(table))
        .map(({ place }) => place)
        .toSorted(),
    );
  });
});

it('every table with a customer follows merges', async () => {
  const triggers = await admin<{ name: string }>(`
    select c.relname::text as name from pg_trigger t join pg_class c on c.oid = t.tgrelid
    where c.relnamespace = 'messaging'::regnamespace and t.tgname = 'forward_customer' order by 1`);
  expect(triggers.map(({ name }) => name)).toEqual(withCustomer);
});
