import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fromUuid, systemClock, type StoreId } from '@storegraph/core';
import { identity } from '@storegraph/testing';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { mailHarness } from '../../test/mail.ts';
import { deliverEmail } from './deliver.ts';
import { resumeEmails } from './jobs.ts';
import { suppress } from './mailbox.ts';
import { record } from './record.ts';
import { sendEmail, type Mail } from './send.ts';
import { mostAttempts, type EmailStatus } from './status.ts';

const mail = await mailHarness();
const order: Mail = {
  code: 'order-delivered',
  to: { email: 'Ada@Example.com', name: 'Ada Lovelace' },
  language: 'en',
  values: { number: '1042', link: 'https://shop.example.com/orders/1042' },
  relatedTo: { kind: 'Order', id: 'ord_1' },
};

const inStore = async <T>(storeId: StoreId, work: Parameters<ReturnType<typeof mail.pool.session>['write']>[0]): Promise<T> => {
  const db = mail.pool.session({ domain: 'messaging', identity: identity.system(storeId), correlationId: 'test', origin: 'LIVE' });
  try {
    return (await db.write(work)) as T;
  } finally {
    await db.end();
  }
};
const queue = (storeId: StoreId, rest: Partial<Mail> = {}) =>
  inStore<Awaited<ReturnType<typeof sendEmail>>>(storeId, (tx) => sendEmail(tx, mail.sealer, systemClock.now(), { ...order, ...rest }));
const only = async (storeId: StoreId) => {
  const [email, ...others] = await mail.logged(storeId);
  if (!email || others.length > 0) throw new Error('Not one mail');
  return email;
};

beforeEach(() => {
  mail.office.received.length = 0;
  mail.office.conduct = { kind: 'take' };
});

describe('a queued mail', () => {
  it('is sent as it was rendered, once, from the store by name', async () => {
    const store = await mail.store();
    await queue(store);
    expect(await only(store)).toMatchObject({
      status: 'QUEUED',
      recipient: 'ada@example.com',
      language: 'en',
      rung: 'EXACT',
      template_source: 'PLATFORM',
    });
    await mail.deliver(store);
    await mail.deliver(store);
    const [received, ...others] = mail.office.received;
    expect(others).toEqual([]);
    const source = received?.source ?? '';
    expect(source).toMatch(/^From: Blue Kettle <no-reply@storegraph\.localhost>\r$/m);
    expect(source).toMatch(/^To: Ada Lovelace <ada@example\.com>\r$/m);
    expect(source).toMatch(/^Subject: Your order 1042 has arrived\r$/m);
    const email = await only(store);
    expect(email).toMatchObject({ status: 'SENT', attempts: 1, on_wire_since: null, next_attempt_at: null });
    expect(source).toContain(`Message-ID: ${String(email['message_id'])}`);
    expect(email.content).toContain('Your parcel has arrived');
    expect(await mail.heardOf(email.id)).toEqual(['QUEUED', 'SENT']);
  });

  it('is not queued where a variable is missing, an address is none, or there is no template', async () => {
    const store = await mail.store();
    expect(await queue(store, { values: { number: ' ', link: 'https://x.example' } })).toMatchObject({
      problems: [{ code: 'MISSING_VARIABLE', message: 'Missing: number.' }],
    });
    expect(await queue(store, { to: { email: 'ada' } })).toMatchObject({ problems: [{ code: 'INVALID_ADDRESS' }] });
    expect(await queue(store, { code: 'order-lost' })).toMatchObject({ problems: [{ code: 'TEMPLATE_NOT_FOUND' }] });
    expect(await queue(store, { values: { number: '1', link: 'javascript:alert(1)' } })).toMatchObject({
      problems: [{ code: 'TEMPLATE_FAULTY' }],
    });
    expect(await mail.logged(store)).toEqual([]);
  });

  it('is queued once for a cause', async () => {
    const store = await mail.store();
    expect(await queue(store, { cause: 'evt_1' })).toMatchObject({ ok: true, value: { status: 'QUEUED' } });
    expect(await queue(store, { cause: 'evt_1' })).toEqual({ ok: true, value: null });
    expect((await mail.logged(store)).length).toBe(1);
  });

  it('is offered again where it was refused for now, until it is taken', async () => {
    const store = await mail.store();
    await queue(store);
    mail.office.conduct = { kind: 'refuse', stage: 'RCPT TO', code: 451, message: 'Greylisted' };
    await mail.deliver(store);
    const deferred = await only(store);
    expect(deferred).toMatchObject({ status: 'DEFERRED', attempts: 1, error_code: '451', on_wire_since: null });
    expect(
      await mail.admin(
        `select count(*)::integer as jobs from jobs.job where name = 'messaging.deliver-email' and start_after > created_on + interval '30 seconds'`,
      ),
    ).toEqual([{ jobs: 1 }]);
    mail.office.conduct = { kind: 'take' };
    await mail.deliver(store);
    expect(await only(store)).toMatchObject({ status: 'SENT', attempts: 2, error_code: null, message_id: deferred['message_id'] });
    expect(await mail.heardOf(deferred.id)).toEqual(['QUEUED', 'DEFERRED', 'SENT']);
  });

  it('is given up after the last attempt', async () => {
    const store = await mail.store();
    await queue(store);
    await mail.admin(`update messaging.email_logs set attempts = $1 where id = $2`, [mostAttempts - 1, (await only(store)).id]);
    mail.office.conduct = { kind: 'refuse', stage: 'DATA', code: 451, message: 'Later' };
    await mail.deliver(store);
    expect(await only(store)).toMatchObject({ status: 'FAILED', attempts: mostAttempts, error_code: '451' });
  });

  it('is not sent again where its answer was lost', async () => {
    const store = await mail.store();
    await queue(store);
    mail.office.conduct = { kind: 'cut' };
    await mail.deliver(store);
    const email = await only(store);
    expect(email).toMatchObject({ status: 'UNKNOWN', attempts: 1 });
    mail.office.conduct = { kind: 'take' };
    await mail.deliver(store);
    await mail.runJob(deliverEmail, { emailId: fromUuid('eml', email.id) }, { storeId: store });
    expect(mail.office.received.length).toBe(1);
    expect(await mail.heardOf(email.id)).toEqual(['QUEUED', 'UNKNOWN']);
  });

  it('is UNKNOWN where the worker died while it was offered, and known again by what is heard later', async () => {
    const store = await mail.store();
    await queue(store);
    await mail.admin(`update messaging.email_logs set on_wire_since = now() - interval '1 hour', attempts = 1 where id = $1`, [
      (await only(store)).id,
    ]);
    await mail.deliver(store);
    const email = await only(store);
    expect(email).toMatchObject({ status: 'UNKNOWN', error_code: 'INTERRUPTED', on_wire_since: null });
    expect(mail.office.received).toEqual([]);
    await inStore(store, (tx) => record(tx, fromUuid('eml', email.id), { kind: 'DELIVERED', at: systemClock.now() }));
    expect(await only(store)).toMatchObject({ status: 'DELIVERED' });
  });

  it('that another job is offering is left alone', async () => {
    const store = await mail.store();
    await queue(store);
    const { id } = await only(store);
    await mail.admin(`update messaging.email_logs set on_wire_since = now(), on_wire_job = gen_random_uuid() where id = $1`, [id]);
    await mail.deliver(store);
    expect(await only(store)).toMatchObject({ status: 'QUEUED', attempts: 0 });
    expect(mail.office.received).toEqual([]);
  });

  it('that came back is the last to its address, unless the address is only full', async () => {
    const store = await mail.store();
    await queue(store);
    mail.office.conduct = { kind: 'refuse', stage: 'RCPT TO', code: 552, message: '5.2.2 Full' };
    await mail.deliver(store);
    await queue(store);
    mail.office.conduct = { kind: 'refuse', stage: 'RCPT TO', code: 550, message: '5.1.1 Unknown' };
    await mail.deliver(store);
    mail.office.conduct = { kind: 'take' };
    await queue(store);
    await queue(store, { to: { email: 'grace@example.com' } });
    await mail.deliver(store);
    expect((await mail.logged(store)).map(({ status }) => status)).toEqual(['BOUNCED', 'BOUNCED', 'SUPPRESSED', 'SENT']);
    expect(mail.office.received.map(({ to }) => to)).toEqual(['grace@example.com']);
  });

  it('to who has complained is sent only where they asked for it themselves', async () => {
    const store = await mail.store();
    await inStore(store, (tx) => suppress(tx, 'ada@example.com', 'COMPLAINED', null));
    await queue(store);
    await queue(store, { code: 'customer-sign-up', values: { link: 'https://shop.example.com/verify', expiresAt: systemClock.now() } });
    await mail.deliver(store);
    expect((await mail.logged(store)).map(({ status, error_code }) => [status, error_code])).toEqual([
      ['SUPPRESSED', 'COMPLAINED'],
      ['SENT', null],
    ]);
  });

  it('of category MARKETING goes to nobody whose consent is not known, and is seen to be held back', async () => {
    const store = await mail.store();
    const values = { goods: [{ name: 'Tea', quantity: 1 }], total: { amount: '100', currency: 'EUR' }, link: 'https://shop.example.com' };
    expect(await queue(store, { code: 'cart-abandoned', values })).toMatchObject({ ok: true });
    await queue(store);
    await mail.deliver(store);
    expect(
      (await mail.logged(store)).map(({ category, status, error_code, attempts }) => [category, status, error_code, attempts]),
    ).toEqual([
      ['MARKETING', 'SUPPRESSED', 'NO_CONSENT', 0],
      ['ORDERS', 'SENT', null, 1],
    ]);
    expect(mail.office.received.length).toBe(1);
  });

  it('has no header that a name or a subject could bring in', async () => {
    const store = await mail.store({ name: 'Blue\r\nBcc: eve@example.com' });
    const name = 'Ada" <eve@example.com>,\r\nBcc: eve@example.com\r\n\r\nBody';
    await queue(store, { to: { email: 'ada@example.com', name } });
    expect(await queue(store, { values: { ...order.values, number: '1\r\nBcc: eve@example.com' } })).toMatchObject({ ok: false });
    await mail.deliver(store);
    expect(mail.office.received.map(({ to }) => to)).toEqual(['ada@example.com']);
    const [head = ''] = mail.office.received[0]?.source.split('\r\n\r\n') ?? [];
    const unfolded = head.replaceAll(/\r\n[ \t]/g, ' ').split('\r\n');
    const headers = ['From', 'To', 'Subject', 'Message-ID', 'Date', 'Auto-Submitted', 'MIME-Version', 'Content-Type'];
    expect(unfolded.map((line) => line.split(':', 1).join('')).toSorted()).toEqual(headers.toSorted());
  });

  it('waits where no server is set, and is taken up when there is one', async () => {
    const store = await mail.store();
    await queue(store);
    vi.stubEnv('STOREGRAPH_SMTP_URL', '');
    await mail.deliver(store);
    vi.stubEnv('STOREGRAPH_SMTP_URL', mail.office.url);
    const waiting = await only(store);
    expect(waiting).toMatchObject({ status: 'QUEUED', attempts: 0, error_code: 'NO_SERVER' });
    await mail.admin(`delete from jobs.job where name = 'messaging.deliver-email'`);
    await mail.admin(`update messaging.email_logs set next_attempt_at = now() - interval '1 hour' where id = $1`, [waiting.id]);
    await mail.runJob(resumeEmails);
    const jobs = await mail.admin(`select data->'data'->>'emailId' as email from jobs.job where name = 'messaging.deliver-email'`);
    expect(jobs).toEqual([{ email: fromUuid('eml', waiting.id) }]);
  });
});

describe('the outbox', () => {
  it('keeps each mail as a file where no server is set', async () => {
    const store = await mail.store();
    await queue(store);
    const folder = await mkdtemp(join(tmpdir(), 'outbox-'));
    vi.stubEnv('STOREGRAPH_SMTP_URL', '');
    vi.stubEnv('STOREGRAPH_MAIL_OUTBOX', join(folder, 'new'));
    await mail.deliver(store);
    vi.stubEnv('STOREGRAPH_SMTP_URL', mail.office.url);
    vi.stubEnv('STOREGRAPH_MAIL_OUTBOX', '');
    expect(await only(store)).toMatchObject({ status: 'SENT', provider: 'outbox' });
    const [file = '', ...others] = await readdir(join(folder, 'new'));
    expect([others, await readFile(join(folder, 'new', file), 'utf8')]).toEqual([
      [],
      expect.stringContaining('Subject: Your order 1042 has arrived'),
    ]);
    await rm(folder, { recursive: true });
  });
});

describe('what is heard of a mail', () => {
  const heard = (status: EmailStatus, event: string) => ({ kind: status, at: systemClock.now(), providerEventId: event });

  it('raises its status, in any order and any number of times', async () => {
    const store = await mail.store();
    await queue(store);
    await mail.deliver(store);
    const { id: uuid } = await only(store);
    const id = fromUuid('eml', uuid);
    for (const [kind, status] of [
      ['OPENED', 'OPENED'],
      ['DELIVERED', 'OPENED'],
      ['OPENED', 'OPENED'],
      ['CLICKED', 'CLICKED'],
      ['COMPLAINED', 'COMPLAINED'],
      ['BOUNCED', 'COMPLAINED'],
    ] as const) {
      await inStore(store, (tx) => record(tx, id, heard(kind, kind)));
      expect(await only(store)).toMatchObject({ status });
    }
    expect((await mail.heardOf(uuid)).toSorted()).toEqual(['BOUNCED', 'CLICKED', 'COMPLAINED', 'DELIVERED', 'OPENED', 'QUEUED', 'SENT']);
  });
});
