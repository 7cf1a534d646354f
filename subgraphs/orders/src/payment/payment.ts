import { ratio } from '@storegraph/core';
import { transition, type Transition } from '../order/order.ts';

export const tenders = ['CARD', 'GIFT_CARD', 'CASH', 'TRANSFER', 'OTHER'] as const;
export type Tender = (typeof tenders)[number];

export const refundSources = ['MANUAL', 'CANCELLATION', 'RETURN', 'IMPORT'] as const;
export type RefundSource = (typeof refundSources)[number];

export const refundReasons = ['RETURN', 'DAMAGED', 'NOT_DELIVERED', 'OVERCHARGE', 'GOODWILL', 'CANCELLED', 'OTHER'] as const;
export type RefundReason = (typeof refundReasons)[number];

export type RefundStatus = 'GRANTED' | 'PARTIALLY_SETTLED' | 'SETTLED' | 'CANCELLED';

export const paymentStates = ['AUTHORIZED', 'PARTIALLY_CAPTURED', 'CAPTURED', 'PARTIALLY_REFUNDED', 'REFUNDED', 'VOIDED'] as const;
export type PaymentState = (typeof paymentStates)[number];

export interface PaymentFacts {
  readonly authorized: bigint;
  readonly captured: bigint;
  readonly refunded: bigint;
  /** Promised to refunds that have not gone back yet. */
  readonly granted: bigint;
  readonly voidedAt: Date | null;
}

/** What a payment still holds and may capture. */
export const openAmount = (payment: PaymentFacts): bigint => (payment.voidedAt ? 0n : payment.authorized - payment.captured);

/** What can still be given back, or promised to be. */
export const refundable = ({ captured, refunded, granted }: Pick<PaymentFacts, 'captured' | 'refunded' | 'granted'>): bigint =>
  captured - refunded - granted;

export function paymentStateOf(payment: PaymentFacts): PaymentState {
  if (payment.refunded > 0n) return payment.refunded === payment.captured ? 'REFUNDED' : 'PARTIALLY_REFUNDED';
  if (payment.captured === 0n) return payment.voidedAt ? 'VOIDED' : 'AUTHORIZED';
  return openAmount(payment) > 0n ? 'PARTIALLY_CAPTURED' : 'CAPTURED';
}

export type CaptureRefusal = 'ALREADY_VOIDED' | 'NOTHING_TO_CAPTURE';

export function captureRefusal(payment: PaymentFacts): CaptureRefusal | null {
  if (payment.voidedAt) return 'ALREADY_VOIDED';
  return openAmount(payment) === 0n ? 'NOTHING_TO_CAPTURE' : null;
}

export type VoidRefusal = 'ALREADY_VOIDED' | 'NOTHING_TO_VOID';

export function voidRefusal(payment: PaymentFacts): VoidRefusal | null {
  if (payment.voidedAt) return 'ALREADY_VOIDED';
  return openAmount(payment) === 0n ? 'NOTHING_TO_VOID' : null;
}

export const paymentTransitions = (payment: PaymentFacts): Transition[] => [
  transition('orderPaymentCapture', captureRefusal(payment)),
  transition('orderPaymentVoid', voidRefusal(payment)),
  transition('orderRefund', refundable(payment) > 0n ? null : 'NOTHING_TO_REFUND'),
];

export interface Share<P> {
  readonly payment: P;
  readonly amount: bigint;
}

/**
 * Spreads a refund over payments, the money that came last going back first. Gives undefined when they do not hold that much.
 * Payments of one moment go by id, later ids first.
 */
export function spreadRefund<P extends PaymentFacts & { readonly id: string; readonly capturedAt: Date | null }>(
  payments: readonly P[],
  amount: bigint,
): Share<P>[] | undefined {
  const latestFirst = payments.toSorted(
    (a, b) => (b.capturedAt?.getTime() ?? 0) - (a.capturedAt?.getTime() ?? 0) || (a.id < b.id ? 1 : a.id > b.id ? -1 : 0),
  );
  const shares: Share<P>[] = [];
  let left = amount;
  for (const payment of latestFirst) {
    const share = left < refundable(payment) ? left : refundable(payment);
    if (share > 0n) shares.push({ payment, amount: share });
    left -= share;
  }
  return left === 0n ? shares : undefined;
}

/**
 * What `quantity` more units of a line are worth when refunds of `before` units stand that came to `given`: what so many units are worth in
 * all, less what was given, so that refunds unit by unit, in any split, add up to the line's total exactly, also when one of them is cancelled.
 */
export function lineRefund(
  line: { readonly total: bigint; readonly quantity: number },
  { units, given }: { readonly units: number; readonly given: bigint },
  quantity: number,
): bigint {
  const worth = ratio(line.total, BigInt(units + quantity), BigInt(line.quantity));
  return worth > given ? worth - given : 0n;
}

export interface RefundFacts {
  readonly amount: bigint;
  readonly settled: bigint;
  readonly cancelledAt: Date | null;
}

export type SettleRefusal = 'ALREADY_SETTLED' | 'ALREADY_CANCELLED';

/** Why nothing more of a refund can go back, or be taken back. */
export function settleRefusal({ amount, settled, cancelledAt }: RefundFacts): SettleRefusal | null {
  if (cancelledAt) return 'ALREADY_CANCELLED';
  return settled === amount ? 'ALREADY_SETTLED' : null;
}

export const refundTransitions = (refund: RefundFacts): Transition[] => [
  transition('refundSettle', settleRefusal(refund)),
  transition('refundCancel', settleRefusal(refund)),
];
