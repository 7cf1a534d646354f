import { newId, systemClock, toUuid, type StoreId } from '@storegraph/core';
import { identity } from '@storegraph/testing';
import { describe, expect, it } from 'vitest';
import { mailHarness } from '../../test/mail.ts';
import { sendEmail, type Mail } from './send.ts';

const mail = await mailHarness();
const orderMail = (number: string, rest: Partial<Mail> = {}): Mail => ({
  code: 'order-delivered',
  to: { email: 'ada@example.com' },
  language: 'en',
  values: { number, link: 'https://shop.example.com' },
  relatedTo: { kind: 'Order', id: `ord_${number}` },
  ...rest,
});
const token = 'a-token-that-nobody-guesses';
const resetMail: Mail = {
  code: 'customer-password-reset',
  to: { email: 'grace@example.com' },
  language: 'en',
  values: { link: `https://shop.example.com/reset?token=${token}`, expiresAt: systemClock.now() },
};

async function queue(storeId: StoreId | null, ...mails: Mail[]) {
  const db = mail.pool.session({ domain: 'messaging', identity: identity.system(storeId), correlationId: 'test', origin: 'LIVE' });
  for (const each of mails) await db.write((tx) => sendEmail(tx, mail.sealer, systemClock.now(), each));
  await db.end();
}

interface List {
  readonly emailLogs: { readonly totalCount: number; readonly nodes: readonly { readonly subject: string }[] };
}
const list = `query ($filter: EmailLogFilter) { emailLogs(filter: $filter) { totalCount nodes { subject } } }`;

describe('emailLogs', () => {
  it('are the store’s own, found by recipient, template, status, time and what they are about', async () => {
    const store = await mail.store();
    await queue(store, orderMail('1'), orderMail('2', { to: { email: 'grace@example.com' } }));
    await mail.deliver(store);
    await queue(store, orderMail('3'), resetMail);
    await mail.admin(`update messaging.email_logs set created_at = '2026-01-01T00:00:00Z' where store_id = $1 and subject like '%1%'`, [
      toUuid(store),
    ]);
    const subjects = async (filter: object | null) => {
      const { emailLogs } = await mail.staff(store).data<List>(list, { filter });
      expect(emailLogs.totalCount).toBe(emailLogs.nodes.length);
      return emailLogs.nodes.map(({ subject }) => /\d/.exec(subject)?.[0] ?? subject);
    };
    expect(await subjects(null)).toEqual(['Choose a new password for Blue Kettle', '3', '2', '1']);
    expect(await subjects({ recipient: ' Grace@Example.com' })).toEqual(['Choose a new password for Blue Kettle', '2']);
    expect(await subjects({ templateCode: 'order-delivered', status: ['SENT'] })).toEqual(['2', '1']);
    expect(await subjects({ from: '2026-01-01T00:00:00Z', until: '2026-01-01T00:00:01Z' })).toEqual(['1']);
    expect(await subjects({ relatedTo: { kind: 'Order', id: 'ord_3' } })).toEqual(['3']);
    expect((await mail.staff(await mail.store()).data<List>(list)).emailLogs).toEqual({ totalCount: 0, nodes: [] });
  });

  it('show nobody the text of a mail with a secret, neither while it waits nor once it is sent', async () => {
    const store = await mail.store();
    await queue(store, resetMail, orderMail('1'));
    const seen = async () => {
      const query = `{ emailLogs { nodes { subject html text status recipient data error providerAnswer events { kind detail } } } }`;
      return (await mail.staff(store).data<{ emailLogs: { nodes: { html: string | null; text: string | null }[] } }>(query)).emailLogs
        .nodes;
    };
    for (const deliver of [false, true]) {
      if (deliver) await mail.deliver(store);
      const [order, reset] = await seen();
      expect(reset).toMatchObject({ html: null, text: null, recipient: 'grace@example.com' });
      expect(order?.text).toContain('Your parcel has arrived');
      expect(JSON.stringify(await seen())).not.toContain(token);
    }
    expect(JSON.stringify(await mail.logged(store))).not.toContain(token);
  });

  it('take the same number of statements for a page of two and of twenty', async () => {
    const store = await mail.store();
    await queue(store, ...Array.from({ length: 20 }, (_, n) => orderMail(String(n), { customerId: newId('cus') })));
    const count = async (first: number) => {
      mail.statements();
      await mail
        .staff(store)
        .data(`query ($first: Int) { emailLogs(first: $first) { nodes { id text customer { id } events { kind } } } }`, { first });
      return mail.statements().filter((statement) => statement.startsWith('select "')).length;
    };
    expect([await count(2), await count(20)]).toEqual([2, 2]);
  });
});

describe('platformEmailLogs', () => {
  it('are for platform staff alone', async () => {
    const link = { link: 'https://console.example.com', expiresAt: systemClock.now() };
    await queue(null, { code: 'user-password-reset', to: { email: 'ada@example.com' }, language: 'en', values: link });
    const query = `{ platformEmailLogs { totalCount nodes { templateCode html events { kind } } } }`;
    expect(await mail.as(identity.platform()).data(query)).toEqual({
      platformEmailLogs: { totalCount: 1, nodes: [{ templateCode: 'user-password-reset', html: null, events: [{ kind: 'QUEUED' }] }] },
    });
    expect(await mail.staff(await mail.store()).codes(query)).toEqual(['FORBIDDEN']);
  });
});
