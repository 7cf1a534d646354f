import { money, newId, type StoreId } from '@storegraph/core';
import {
  cartAbandoned,
  customerPasswordResetRequested,
  customerSignUpRequested,
  fulfillmentDelivered,
  fulfillmentShipped,
  giftCardCodeReplaced,
  giftCardIssued,
  invitationCreated,
  invitationResent,
  orderPlaced,
  passwordResetRequested,
  refundCreated,
  userEmailChangeRequested,
  userEmailVerificationRequested,
  userSignUpRepeated,
} from '@storegraph/events';
import { beforeEach, describe, expect, it } from 'vitest';
import { mailHarness } from '../../test/mail.ts';

const mail = await mailHarness();
// Effects come of what is told from now on.
await mail.settled();

const expiresAt = new Date('2026-12-01T09:30:00Z');
const token = 'a-token-that-nobody-guesses';

/** What came to the server since the last time: to whom, the subject, and where the button leads. */
async function sent(storeId: StoreId | null): Promise<string[][]> {
  mail.office.received.length = 0;
  await mail.deliver(storeId);
  return mail.office.received.map(({ to, source }) => {
    const plain = source.replaceAll('=\r\n', '').replaceAll('=3D', '=');
    return [
      to,
      /^Subject: (.*(?:\r\n .*)*)\r$/m.exec(plain)?.[1] ?? '',
      /<(https?:\/\/[^>]*(?:token|account)[^>]*)>/.exec(plain)?.[1] ?? '',
    ];
  });
}

beforeEach(() => void (mail.office.conduct = { kind: 'take' }));

describe('mails to users', () => {
  it('carry the link of the event in the user’s language, and are kept nowhere once sent', async () => {
    const userId = newId('usr');
    const request = { userId, locale: 'de-AT', expiresAt };
    const extra = { personal: { email: 'ada@example.com' }, secret: mail.secret(token) };
    await mail.tell('accounts', null, userEmailVerificationRequested(request, extra));
    const [queued] = await mail.logged(null);
    expect(queued).toMatchObject({
      template_code: 'user-email-verification',
      language: 'de',
      rung: 'BASE_LANGUAGE',
      status: 'QUEUED',
      confidential: true,
    });
    expect(JSON.stringify(queued)).not.toContain(token);
    await mail.tell(
      'accounts',
      null,
      userEmailChangeRequested({ ...request, locale: 'fr' }, extra),
      passwordResetRequested({ ...request, locale: 'pt-BR' }, extra),
    );
    await mail.tell('accounts', null, userSignUpRepeated({ userId }, { personal: { email: 'ada@example.com' } }));
    expect(await sent(null)).toEqual([
      ['ada@example.com', expect.stringContaining('best'), `http://localhost:4000/verify-email?token=${token}`],
      ['ada@example.com', 'Confirmez votre nouvelle adresse e-mail', `http://localhost:4000/change-email?token=${token}`],
      ['ada@example.com', 'Choose a new password', `http://localhost:4000/reset-password?token=${token}`],
      ['ada@example.com', 'You have an account already', ''],
    ]);
    for (const email of await mail.logged(null))
      expect(email).toMatchObject({ status: 'SENT', content: null, user_id: expect.any(String) });
    expect(mail.office.received.every(({ source }) => source.includes('From: Storegraph <no-reply@storegraph.localhost>'))).toBe(true);
  });

  it('invite to a store', async () => {
    const storeId = await mail.store({ language: 'fr-CA' });
    const invitation = { storeId, invitationId: newId('inv'), roleId: newId('rol'), storeName: 'Blue Kettle', invitedBy: null, expiresAt };
    const extra = { personal: { email: 'grace@example.com' }, secret: mail.secret(token) };
    await mail.tell('accounts', storeId, invitationCreated(invitation, extra), invitationResent(invitation, extra));
    const expected = [
      'grace@example.com',
      '=?UTF-8?Q?Invitation_=C3=A0_rejoindre_Blue_Kettle?=',
      `http://localhost:4000/accept-invitation?token=${token}`,
    ];
    expect((await sent(storeId)).map(([to, , link]) => [to, link])).toEqual([
      [expected[0], expected[2]],
      [expected[0], expected[2]],
    ]);
    expect((await mail.logged(storeId)).map(({ language, rung }) => [language, rung])).toEqual([
      ['fr', 'STORE_DEFAULT'],
      ['fr', 'STORE_DEFAULT'],
    ]);
  });

  it('are not written once the secret has expired or the person is erased', async () => {
    const before = (await mail.logged(null)).length;
    const request = { userId: newId('usr'), locale: 'en', expiresAt };
    const secret = { ...mail.secret(token), expiresAt: new Date(Date.now() - 1_000) };
    await mail.tell(
      'accounts',
      null,
      passwordResetRequested(request, { personal: { email: 'ada@example.com' }, secret }),
      passwordResetRequested(request),
    );
    expect((await mail.logged(null)).length).toBe(before);
  });
});

describe('mails to shoppers', () => {
  it('say of a sign-up and of a reset what the shop does not', async () => {
    const storeId = await mail.store();
    const customerId = newId('cus');
    const extra = { personal: { email: 'ada@example.com', firstName: 'Ada' }, secret: mail.secret(token) };
    for (const said of ['VERIFICATION', 'HAS_ACCOUNT', 'NOTHING_WAITS'] as const)
      await mail.tell(
        'customers',
        storeId,
        customerSignUpRequested({ linkId: newId('ott'), customerId, language: 'en', expiresAt, signUpId: null, mail: said }, extra),
      );
    for (const said of ['RESET', 'NO_ACCOUNT'] as const)
      await mail.tell(
        'customers',
        storeId,
        customerPasswordResetRequested(
          { linkId: newId('ott'), customerId: null, language: null, expiresAt, mail: said },
          { ...extra, personal: { email: 'ada@example.com' } },
        ),
      );
    const shop = `http://localhost:4000/${storeId}/account`;
    expect(await sent(storeId)).toEqual([
      ['ada@example.com', 'Confirm your e-mail address for Blue Kettle', `${shop}/verify?token=${token}`],
      ['ada@example.com', 'You have an account already', `${shop}/log-in`],
      ['ada@example.com', 'No sign-up is waiting', `${shop}/sign-up`],
      ['ada@example.com', 'Choose a new password for Blue Kettle', `${shop}/reset-password?token=${token}`],
      ['ada@example.com', 'There is no account with this address', `${shop}/sign-up`],
    ]);
    expect(mail.office.received.slice(1, 3).some(({ source }) => source.includes(token))).toBe(false);
    expect((await mail.logged(storeId)).map(({ content }) => content)).toEqual([null, null, null, null, null]);
  });

  it('tell of an order, its parcels and its refunds to the contact of the order', async () => {
    const storeId = await mail.store({ language: 'de' });
    const order = { orderId: newId('ord'), orderVersion: 1, customerId: newId('cus') };
    const eur = (amount: bigint) => money(amount, 'EUR');
    const contact = { name: 'Ada Lovelace', email: 'Ada@Example.com', phone: null };
    const sums = {
      subtotal: eur(5000n),
      discount: eur(505n),
      tax: eur(0n),
      shipping: eur(0n),
      shippingDiscount: eur(0n),
      total: eur(4495n),
    };
    const placed = orderPlaced(
      { ...order, number: '1042', ...sums, units: 3, source: 'web', externalId: null, placedAt: new Date() },
      { personal: contact },
    );
    const parcel = { ...order, fulfillmentId: newId('ful'), lines: [] };
    await mail.tell('orders', storeId, placed);
    await mail.tell(
      'orders',
      storeId,
      fulfillmentShipped(parcel, {
        personal: { ...contact, carrier: 'DHL', trackingNumber: '0034', trackingUrl: 'https://dhl.example/0034' },
      }),
      fulfillmentDelivered({ ...parcel, orderDelivered: true }),
      refundCreated({
        ...order,
        refundId: newId('rfd'),
        amount: eur(1250n),
        orderTotal: sums.total,
        reason: 'RETURN',
        lines: [],
        reference: null,
        refundedAt: new Date(),
      }),
    );
    const link = `http://localhost:4000/${storeId}/account/orders/${order.orderId}`;
    expect(await sent(storeId)).toEqual([
      ['ada@example.com', 'Ihre Bestellung 1042', link],
      ['ada@example.com', 'Ihre Bestellung 1042 ist unterwegs', link],
      ['ada@example.com', 'Ihre Bestellung 1042 ist angekommen', link],
      ['ada@example.com', 'Ihre Erstattung zur Bestellung 1042', link],
    ]);
    const { nodes } = (
      await mail
        .staff(storeId)
        .data<{ emailLogs: { nodes: { text: string; status: string }[] } }>(
          `query ($filter: EmailLogFilter) { emailLogs(filter: $filter) { nodes { text status } } }`,
          { filter: { relatedTo: { kind: 'Order', id: order.orderId }, templateCode: 'order-placed' } },
        )
    ).emailLogs;
    expect(nodes.map(({ status }) => status)).toEqual(['SENT']);
    expect(nodes[0]?.text.replaceAll(/\s+/g, ' ')).toContain('Waren 50,00 € Rabatt −5,05 € Versand 0,00 € Gesamt 44,95 €');
  });

  it('bring a gift card’s code to its recipient alone, and nobody else can read it', async () => {
    const storeId = await mail.store();
    const card = { giftCardId: newId('gft'), giftCardVersion: 1, customerId: null, balance: money(5000n, 'EUR'), held: money(0n, 'EUR') };
    const personal = { recipientName: 'Grace', recipientEmail: 'grace@example.com', senderName: 'Ada', message: '<b>Happy</b> birthday' };
    const code = 'ABCD-EFGH-JKLM-NPQR';
    await mail.tell(
      'orders',
      storeId,
      giftCardIssued(
        { ...card, kind: 'GIFT_CARD', lastFour: 'NPQR', expiresAt: null, requester: null, key: null },
        { personal, secret: mail.secret(code) },
      ),
    );
    expect(JSON.stringify(await mail.logged(storeId))).not.toContain(code);
    expect((await sent(storeId)).map(([to, subject]) => [to, subject])).toEqual([
      ['grace@example.com', 'A gift card of Blue Kettle for you'],
    ]);
    expect(mail.office.received[0]?.source).toContain(code);
    expect(mail.office.received[0]?.source).toContain('&lt;b&gt;Happy');
    await mail.tell(
      'orders',
      storeId,
      giftCardCodeReplaced({ ...card, lastFour: 'STUV' }, { personal: { ...personal, recipientEmail: null }, secret: mail.secret(code) }),
    );
    expect(await sent(storeId)).toEqual([]);
  });

  it('would remind of a cart, but go to nobody as long as no consent is known', async () => {
    const storeId = await mail.store();
    const cart = { customerId: null, total: money(4495n, 'EUR'), units: 1, changedAt: new Date(), expiresAt };
    const personal = { name: null, email: 'ada@example.com', phone: null, goods: [{ name: 'Tea', quantity: 2, imageUrl: null }] };
    const abandoned = (recoveryUrl: string | null) =>
      cartAbandoned({ cartId: newId('crt'), ...cart }, { personal: { ...personal, recoveryUrl }, secret: mail.secret(token) });
    await mail.tell('orders', storeId, abandoned(null));
    await mail.tell('orders', storeId, abandoned('https://elsewhere.example/account/cart/1'));
    await mail.tell('orders', storeId, abandoned('javascript:alert(1)'));
    const links = (await mail.logged(storeId)).map(({ id, content }) => {
      const place = `${storeId}|email_logs|content|${id}`;
      const { text } = JSON.parse(mail.sealer.open(content ?? '', place)) as { text: string };
      return /<(https?:[^>]+)>/.exec(text)?.[1];
    });
    expect(links).toEqual([
      `http://localhost:4000/${storeId}/cart/recover?token=${token}`,
      'https://elsewhere.example/account/cart/1',
      `http://localhost:4000/${storeId}/cart/recover?token=${token}`,
    ]);
    expect(await sent(storeId)).toEqual([]);
    const told = await mail.staff(storeId).data('{ emailLogs(filter: { status: [SUPPRESSED] }) { nodes { subject errorCode html } } }');
    const held = { subject: 'You have left something in your cart', errorCode: 'NO_CONSENT', html: null };
    expect(told).toEqual({ emailLogs: { nodes: [held, held, held] } });
    expect((await mail.logged(storeId)).map(({ content }) => content)).toEqual([null, null, null]);
  });
});
