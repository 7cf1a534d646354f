import { ratio } from '@storegraph/core';
import { transition, type Transition } from '../order/order.ts';
import type { CartLineRow, CartRow } from './tables.ts';

export const cartStatuses = ['ACTIVE', 'ABANDONED', 'RECOVERED', 'CONVERTED', 'EXPIRED'] as const;
export type CartStatus = (typeof cartStatuses)[number];

/** The source of a cart that no outside shop system keeps. */
export const storefront = 'STOREFRONT';

/** How many different things a cart takes. */
export const mostLines = 200;
export const mostCodes = 10;

const minute = 60_000;
const day = 24 * 60 * minute;
/** A cart with goods, and somebody who can be written to, counts as abandoned after an hour in which nothing was done to it. */
export const abandonedAfterMs = 60 * minute;
/** From the last change on. */
export const cartLifeMs = 30 * day;

type Times = Pick<CartRow, 'convertedAt' | 'abandonedAt' | 'recoveredAt' | 'expiresAt'>;

/** The first that fits decides. */
export function statusOf({ convertedAt, abandonedAt, recoveredAt, expiresAt }: Times, now: Date): CartStatus {
  if (convertedAt) return 'CONVERTED';
  if (expiresAt <= now) return 'EXPIRED';
  if (recoveredAt) return 'RECOVERED';
  return abandonedAt ? 'ABANDONED' : 'ACTIVE';
}

/** Whether its shopper has left the cart and not come back. */
export const isAbandoned = ({ abandonedAt, recoveredAt }: Pick<Times, 'abandonedAt' | 'recoveredAt'>): boolean =>
  abandonedAt !== null && recoveredAt === null;

export type ClosedCode = 'CONVERTED' | 'EXPIRED';

/** Why a cart takes no more changes, or null where it does. */
export function closedReason(cart: Times, now: Date): ClosedCode | null {
  const status = statusOf(cart, now);
  return status === 'CONVERTED' || status === 'EXPIRED' ? status : null;
}

export const closedMessages: Readonly<Record<ClosedCode, string>> = {
  CONVERTED: 'This cart has become an order.',
  EXPIRED: 'This cart has expired.',
};

export type ProblemCode = 'EMPTY' | 'CONTACT_REQUIRED' | 'OFFER_EXPIRED' | 'CODE_REFUSED';

/** What stands between a cart and its checkout, or between the shopper and a discount. */
export interface CartProblem {
  readonly code: ProblemCode;
  readonly message: string;
  readonly line: CartLineRow | null;
  readonly discountCode: string | null;
  /** Why the code was refused. */
  readonly reason: string | null;
}

const problem = (
  code: ProblemCode,
  message: string,
  about: Partial<Pick<CartProblem, 'line' | 'discountCode' | 'reason'>> = {},
): CartProblem => ({
  code,
  message,
  line: null,
  discountCode: null,
  reason: null,
  ...about,
});

/** All that has to be mended before the cart can be checked out. */
export function problemsOf(cart: CartRow, lines: readonly CartLineRow[], now: Date): CartProblem[] {
  const shippingIsOld = cart.shippingExpiresAt !== null && cart.shippingExpiresAt <= now;
  return [
    ...(lines.length === 0 ? [problem('EMPTY', 'There is nothing in the cart.')] : []),
    ...(cart.customerId === null && cart.contactEmail === null && cart.contactPhone === null
      ? [problem('CONTACT_REQUIRED', 'Say how to reach you: an e-mail address or a phone number.')]
      : []),
    ...lines
      .filter(({ offerExpiresAt }) => offerExpiresAt <= now)
      .map((line) => problem('OFFER_EXPIRED', `The price of ${line.name} may have changed: put it in again.`, { line })),
    ...(shippingIsOld ? [problem('OFFER_EXPIRED', 'The price of shipping may have changed: choose it again.')] : []),
  ];
}

export const codeProblem = (code: string, reason: string, message: string): CartProblem =>
  problem('CODE_REFUSED', message, { discountCode: code, reason });

/** Tax on what is left of a line's price once its discounts are off, half up. `rate` in hundredths of a percent. */
export const lineTax = (net: bigint, rate: number, included: boolean): bigint =>
  ratio(net, BigInt(rate), included ? BigInt(10_000 + rate) : 10_000n);

export const cartTransitions = (cart: Times, problems: readonly CartProblem[], now: Date): Transition[] => {
  const closed = closedReason(cart, now);
  return [
    transition('cartCheckout', closed ?? problems.find(({ code }) => code !== 'CODE_REFUSED')?.code ?? null),
    transition('cartUpdate', closed),
  ];
};
