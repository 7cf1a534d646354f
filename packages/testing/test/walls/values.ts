import { randomUUID } from 'node:crypto';
import type { Rows } from './world.ts';

const unique = () => randomUUID().slice(0, 8);
const tomorrow = () => new Date(Date.now() + 86_400_000).toISOString();
const newAddress = () => `${unique()}@example.com`;

/** What an operation needs beside its required fields to be a whole request, or in place of the usual value. */
const byField: Readonly<Record<string, (rows: Rows) => unknown>> = {
  'orderEvents.after': ({ feedStart }) => feedStart,
  'inboxEvents.after': ({ inboxStart }) => inboxStart,
  ...Object.fromEntries(
    ['storeEmailTemplateSave', 'storeEmailTemplatePublish', 'storeEmailTemplateRollback', 'storeEmailTemplateDelete']
      .concat('emailTemplatePreview', 'emailTemplateTestSend')
      .map((mutation) => [`${mutation}.code`, () => 'order-placed']),
  ),
  'storeEmailTemplateSave.source': () => '<mj-section><mj-column><mj-text>Thank you</mj-text></mj-column></mj-section>',
  // Of the template as it is.
  'emailTemplatePreview.words': () => null,
  'storeEmailTemplateRollback.version': () => 1,
  'emailSettingsUpdate.smtp': () => ({ host: 'smtp.example.com', port: 465, secure: true }),
  // A filter narrows what is looked at; of its parts one would need a mail's own subject.
  'emailLogs.filter': () => null,
  'platformEmailLogs.filter': () => null,
  'conversations.filter': () => null,
  'conversationEvents.after': ({ conversationStart }) => conversationStart,
  'teamChannelCreate.name': () => 'Plans',
  'teamChannelCreate.slug': () => `plans-${unique()}`,
  'participantMute.muted': () => true,
  'macroText.id': ({ macroId }) => macroId,
  'conversationSnooze.until': tomorrow,
  'messageSchedule.sendAt': tomorrow,
  'conversationStart.type': () => 'STORE_CUSTOMER',
  'messageSearch.query': () => 'lamp',
  'emailTemplateResolution.code': () => 'order-placed',
  'customerCreate.firstName': () => 'Grace',
  'customerUpdate.firstName': () => 'Grace',
  'storeUpdate.name': () => 'Another name',
  // Not the store that all else is about.
  'storeSuspend.storeId': ({ spareStoreId }) => spareStoreId,
  'storeReinstate.storeId': ({ spareStoreId }) => spareStoreId,
  'storeSuspend.reason': () => 'Unpaid',
  'storeReinstate.reason': () => 'Paid',
  'platformStoreEnter.reason': () => 'Asked for help',
  'orderPaymentRecord.captured': () => 100,
  'orderRefund.amount': () => 50,
  'refundGrant.amount': () => 50,
  'refundSettle.refundId': ({ grantedRefundId }) => grantedRefundId,
  'refundCancel.refundId': ({ grantedRefundId }) => grantedRefundId,
  'giftCardIssue.amount': () => 1000,
  'storeCreditGrant.amount': () => 1000,
  'giftCardAdjust.amount': () => 100,
  'giftCardAdjust.reason': () => 'A mistake',
  'giftCardEnquiry.code': ({ giftCardCode }) => giftCardCode,
  'returnRequest.lineId': ({ deliveredLineId }) => deliveredLineId,
  'orderDraftUpdate.orderId': ({ draftId }) => draftId,
  'orderDraftComplete.orderId': ({ draftId }) => draftId,
  'orderDraftDelete.orderId': ({ draftId }) => draftId,
  'orderEdit.expectedVersion': () => 1,
  'cartLineUpdate.lineId': ({ cartLineId }) => cartLineId,
  'cartLineAdd.offer': ({ offer }) => offer,
  'cartRecover.recoveryToken': ({ recoveryToken }) => recoveryToken,
  'cartCheckout.expectedTotal': () => 1250,
  'cartDiscountCodesSet.codes': () => [],
  'discountCreate.basisPoints': () => 1000,
  'customerContactPointAdd.address': newAddress,
  'userSignUp.email': newAddress,
  'userEmailChangeRequest.email': newAddress,
  'passwordResetRequest.email': newAddress,
  // Or else nobody could log in for what comes after.
  'passwordChange.newPassword': () => 'a-password-of-a-test',
  'totpDeviceConfirm.code': () => '000000',
  'backupCodesReplace.code': () => '000000',
  'sessionVerifyTotp.code': () => '000000',
  'sessionVerifyTotp.challenge': () => 'not-a-challenge',
  // Its answer would be a real log-in of a real owner, for whoever asks.
  'sessionCreate.email': newAddress,
  'customerSessionCreate.email': newAddress,
  'customerSignUp.email': newAddress,
  'customerEmailVerificationRequest.email': newAddress,
  'customerPasswordResetRequest.email': newAddress,
};

/** Of a required field or argument with that name. */
const byName: Readonly<Record<string, (rows: Rows) => unknown>> = {
  idempotencyKey: () => randomUUID(),
  clientId: () => randomUUID(),
  content: () => 'Good morning.',
  labels: () => ['lantern'],
  language: () => 'en',
  recipient: newAddress,
  subject: () => 'Thank you',
  email: ({ outsiderEmail }) => outsiderEmail,
  password: () => 'a-password-of-a-test',
  refreshToken: () => 'not-a-refresh-token',
  token: () => 'not-a-token',
  currentPassword: () => 'a-password-of-a-test',
  newPassword: () => 'another-password-of-a-test',
  slug: () => `shop-${unique()}`,
  name: () => 'Lantern',
  currency: () => 'EUR',
  country: () => 'DE',
  line1: () => '1 Main Street',
  quantity: () => 1,
  title: () => 'Ten off',
  count: () => 5,
  unitPrice: () => 1250,
  number: ({ customerNumber }) => Number(customerNumber),
  permissions: () => ['orders:read'],
  tags: () => ['lantern'],
  from: () => '2026-01-01',
  to: () => '2026-01-31',
};

/** A value for an operation's field or argument; undefined leaves it to its type. The ids of rows are always given: they decide what a stranger could reach. */
export function valueOf(operation: string, name: string, needed: boolean, rows: Rows): unknown {
  const special = byField[`${operation}.${name}`];
  if (special) return special(rows);
  if (name === 'id') return rows[`${operation}Id`];
  if (name.endsWith('Id') && rows[name] !== undefined) return rows[name];
  return needed ? byName[name]?.(rows) : undefined;
}
