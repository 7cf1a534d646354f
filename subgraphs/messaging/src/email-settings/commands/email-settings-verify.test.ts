import { randomUUID } from 'node:crypto';
import type { StoreId } from '@storegraph/core';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { mailHarness, mutate, refused } from '../../../test/mail.ts';
import { postOffice } from '../../../test/post-office.ts';

const mail = await mailHarness();
const own = await postOffice();
const check = () => ({ recipient: 'owner@example.com', idempotencyKey: randomUUID() });
const smtp = () => ({ host: '127.0.0.1', port: own.port, secure: false, user: 'shop', password: 's3cret' });
const configure = (store: StoreId, rest: object = {}) =>
  mutate(mail.staff(store), 'emailSettingsUpdate', {
    fromName: 'Kettles',
    fromEmail: 'shop@example.com',
    provider: 'SMTP',
    smtp: { ...smtp(), ...rest },
  });
const settings = async (store: StoreId) =>
  (await mail.staff(store).data<{ emailSettings: object }>(`{ emailSettings { verified lastVerifiedAt verificationError } }`))
    .emailSettings;
const tested = (store: StoreId) =>
  mutate(mail.staff(store), 'emailTemplateTestSend', {
    code: 'order-delivered',
    language: 'en',
    recipient: 'ada@example.com',
    idempotencyKey: randomUUID(),
  });

beforeEach(() => {
  mail.office.received.length = 0;
  own.received.length = 0;
  own.conduct = { kind: 'take' };
  own.login = { user: 'shop', password: 's3cret' };
});

describe('emailSettingsVerify', () => {
  it('sends for real, and has the store’s mails go its own way from then on', async () => {
    const store = await mail.store();
    await configure(store);
    await tested(store);
    await mail.deliver(store);
    expect([mail.office.received.length, own.received.length]).toEqual([1, 0]);
    const input = check();
    const staff = mail.staff(store);
    const first = await mutate(staff, 'emailSettingsVerify', input, 'email { id status }');
    expect(await mutate(staff, 'emailSettingsVerify', input, 'email { id status }')).toEqual(first);
    await mail.deliver(store);
    expect(own.received).toMatchObject([{ from: 'shop@example.com', to: 'owner@example.com' }]);
    expect(await settings(store)).toEqual({ verified: true, lastVerifiedAt: expect.any(String), verificationError: null });
    await tested(store);
    await mail.deliver(store);
    expect(own.received.map(({ to }) => to)).toEqual(['owner@example.com', 'ada@example.com']);
    expect(own.received[1]?.source).toMatch(/^From: Kettles <shop@example\.com>\r$/m);
  });

  it('stores why it failed, and leaves the mails on the platform’s way', async () => {
    const store = await mail.store();
    await configure(store, { password: 'wrong' });
    await mutate(mail.staff(store), 'emailSettingsVerify', check());
    await mail.deliver(store);
    expect(await settings(store)).toEqual({ verified: false, lastVerifiedAt: null, verificationError: expect.stringMatching(/^535 /) });
    expect(await mail.logged(store)).toMatchObject([{ status: 'FAILED', error_code: '535' }]);
    await configure(store, { port: 1 });
    await mutate(mail.staff(store), 'emailSettingsVerify', check());
    await mail.deliver(store);
    expect(await settings(store)).toMatchObject({ verificationError: expect.stringContaining('ECONNREFUSED') });
    await tested(store);
    await mail.deliver(store);
    expect(mail.office.received.map(({ to }) => to)).toEqual(['ada@example.com']);
  });

  it('says nothing of settings that were changed meanwhile', async () => {
    const store = await mail.store();
    await configure(store);
    await mutate(mail.staff(store), 'emailSettingsVerify', check());
    await configure(store, { user: 'other' });
    await mail.deliver(store);
    expect(own.received).toEqual([]);
    expect(await settings(store)).toEqual({ verified: false, lastVerifiedAt: null, verificationError: null });
    expect(await mail.logged(store)).toMatchObject([{ status: 'FAILED', error_code: 'CHANGED_MEANWHILE' }]);
  });

  it('does not lead into the deployment’s own network in production', async () => {
    const store = await mail.store();
    await configure(store);
    await mutate(mail.staff(store), 'emailSettingsVerify', check());
    vi.stubEnv('NODE_ENV', 'production');
    await mail.deliver(store);
    vi.stubEnv('NODE_ENV', 'test');
    expect(own.received).toEqual([]);
    expect(await settings(store)).toMatchObject({ verificationError: expect.stringContaining('HOST_NOT_ALLOWED') });
  });

  it('refuses bad input, and sends nothing', async () => {
    const store = await mail.store();
    const refuse = (rest: object) => refused(mail.staff(store), 'emailSettingsVerify', { ...check(), ...rest });
    expect(await refuse({})).toEqual([['NOT_CONFIGURED', null]]);
    expect(await refuse({ recipient: 'ada' })).toEqual([['INVALID', 'recipient']]);
    expect(await refuse({ idempotencyKey: 'a b' })).toEqual([['INVALID', 'idempotencyKey']]);
    expect(await mail.logged(store)).toEqual([]);
  });
});
