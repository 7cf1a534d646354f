import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { mailHarness, mutate, refused } from '../../../test/mail.ts';

const mail = await mailHarness();
const which = { code: 'order-delivered', language: 'en' };
const test = () => ({ ...which, recipient: 'owner@example.com', idempotencyKey: randomUUID() });
const seen = 'email { id subject status templateSource templateVersion data events { kind } }';

describe('emailTemplateTestSend', () => {
  it('sends what would be sent, or the draft, with samples, once for a key', async () => {
    const store = await mail.store();
    const staff = mail.staff(store);
    const input = test();
    const first = await mutate(staff, 'emailTemplateTestSend', input, seen);
    expect(first).toMatchObject({
      email: {
        subject: 'Your order 1042 has arrived',
        status: 'QUEUED',
        templateSource: 'PLATFORM',
        data: { test: true },
        events: [{ kind: 'QUEUED' }],
      },
    });
    expect(await mutate(staff, 'emailTemplateTestSend', input, seen)).toEqual(first);
    await mutate(staff, 'storeEmailTemplateSave', { ...which, subject: 'Draft {{ number }}', format: 'HTML', source: '<p>Draft</p>' });
    expect(await mutate(staff, 'emailTemplateTestSend', test(), seen)).toMatchObject({
      email: { subject: 'Draft 1042', templateSource: 'STORE' },
    });
    await mail.deliver(store);
    expect(mail.office.received.map(({ to }) => to)).toEqual(['owner@example.com', 'owner@example.com']);
  });

  it('refuses bad input, and sends nothing', async () => {
    const store = await mail.store();
    const refuse = (rest: object) => refused(mail.staff(store), 'emailTemplateTestSend', { ...test(), ...rest });
    expect(await refuse({ code: 'no-such' })).toEqual([['NOT_FOUND', 'code']]);
    expect(await refuse({ code: 'user-password-reset' })).toEqual([['PLATFORM_ONLY', 'code']]);
    expect(await refuse({ recipient: 'ada' })).toEqual([['INVALID', 'recipient']]);
    expect(await refuse({ recipient: 'ada@example.com\r\nBcc: b@example.com' })).toEqual([['INVALID', 'recipient']]);
    expect(await refuse({ idempotencyKey: '' })).toEqual([['REQUIRED', 'idempotencyKey']]);
    expect(await mail.logged(store)).toEqual([]);
    const input = test();
    const staff = mail.staff(store);
    await mutate(staff, 'emailTemplateTestSend', input);
    expect(await refused(staff, 'emailTemplateTestSend', { ...input, recipient: 'other@example.com' })).toEqual([
      ['IDEMPOTENCY_KEY_REUSED', 'idempotencyKey'],
    ]);
    expect((await mail.logged(store)).length).toBe(1);
  });
});
