import { transition, type Transition } from '../order/order.ts';

export const discountMethods = ['CODE', 'AUTOMATIC'] as const;
export type DiscountMethod = (typeof discountMethods)[number];

export const discountKinds = ['PERCENTAGE', 'FIXED_AMOUNT', 'FREE_SHIPPING'] as const;
export type DiscountKind = (typeof discountKinds)[number];

/** What a discount is taken off: single lines, the order as a whole, or its shipping. */
export const discountClasses = ['LINE', 'ORDER', 'SHIPPING'] as const;
export type DiscountClass = (typeof discountClasses)[number];

/** Why a code, or a use of a discount, was refused. */
export const discountRefusals = [
  'UNKNOWN_CODE',
  'NOT_STARTED',
  'EXPIRED',
  'DISABLED',
  'USAGE_LIMIT_REACHED',
  'CUSTOMER_LIMIT_REACHED',
  'CUSTOMER_REQUIRED',
  'WRONG_CUSTOMER',
  'CURRENCY_MISMATCH',
  'NO_ELIGIBLE_LINE',
  'MINIMUM_SUBTOTAL_NOT_MET',
  'MINIMUM_QUANTITY_NOT_MET',
  'ALREADY_APPLIED',
  'NOT_COMBINABLE',
  'NOTHING_TO_DISCOUNT',
] as const;
export type DiscountRefusal = (typeof discountRefusals)[number];

export const refusalMessages: Readonly<Record<DiscountRefusal, string>> = {
  UNKNOWN_CODE: 'The store has no such code.',
  NOT_STARTED: 'It can not be used yet.',
  EXPIRED: 'It can be used no more.',
  DISABLED: 'It is switched off.',
  USAGE_LIMIT_REACHED: 'It has been used as often as it may be.',
  CUSTOMER_LIMIT_REACHED: 'The customer has used it as often as one may.',
  CUSTOMER_REQUIRED: 'It is for known customers only: log in first.',
  WRONG_CUSTOMER: 'It belongs to somebody else.',
  CURRENCY_MISMATCH: 'It is not given in this currency.',
  NO_ELIGIBLE_LINE: 'There is nothing to which it applies.',
  MINIMUM_SUBTOTAL_NOT_MET: 'The goods to which it applies are not worth enough.',
  MINIMUM_QUANTITY_NOT_MET: 'There are too few of the goods to which it applies.',
  ALREADY_APPLIED: 'Another code of the same discount is applied: a discount is given once in an order.',
  NOT_COMBINABLE: 'It can not be combined with what is applied already.',
  NOTHING_TO_DISCOUNT: 'There is nothing left to take it off.',
};

export const discountStatuses = ['SCHEDULED', 'ACTIVE', 'EXPIRED', 'EXHAUSTED', 'DISABLED', 'ARCHIVED'] as const;
export type DiscountStatus = (typeof discountStatuses)[number];

/** What decides whether a discount, or one of its codes, can be used at all. */
export interface Availability {
  readonly startsAt: Date | null;
  readonly endsAt: Date | null;
  readonly disabledAt: Date | null;
  readonly usageLimit: number | null;
  readonly used: number;
}

/** The first rule that fits decides. From `endsAt` on it has ended, at `startsAt` it has begun. */
export function statusOf(discount: Availability & { readonly archivedAt: Date | null }, now: Date): DiscountStatus {
  if (discount.archivedAt) return 'ARCHIVED';
  const refusal = unavailable(discount, now);
  switch (refusal) {
    case 'DISABLED':
    case 'EXPIRED':
      return refusal;
    case 'USAGE_LIMIT_REACHED':
      return 'EXHAUSTED';
    case 'NOT_STARTED':
      return 'SCHEDULED';
    case null:
      return 'ACTIVE';
  }
}

export function unavailable(
  { startsAt, endsAt, disabledAt, usageLimit, used }: Availability,
  now: Date,
): 'DISABLED' | 'EXPIRED' | 'USAGE_LIMIT_REACHED' | 'NOT_STARTED' | null {
  if (disabledAt) return 'DISABLED';
  if (endsAt && endsAt <= now) return 'EXPIRED';
  if (usageLimit !== null && used >= usageLimit) return 'USAGE_LIMIT_REACHED';
  return startsAt && startsAt > now ? 'NOT_STARTED' : null;
}

type Life = { readonly archivedAt: Date | null; readonly disabledAt: Date | null };

export const changeRefusal = ({ archivedAt }: Pick<Life, 'archivedAt'>): 'ARCHIVED' | null => (archivedAt ? 'ARCHIVED' : null);

export const enableRefusal = (discount: Life): 'ARCHIVED' | 'ALREADY_ENABLED' | null =>
  changeRefusal(discount) ?? (discount.disabledAt ? null : 'ALREADY_ENABLED');

export const disableRefusal = (discount: Life): 'ARCHIVED' | 'ALREADY_DISABLED' | null =>
  changeRefusal(discount) ?? (discount.disabledAt ? 'ALREADY_DISABLED' : null);

export const archiveRefusal = ({ archivedAt }: Life): 'ALREADY_ARCHIVED' | null => (archivedAt ? 'ALREADY_ARCHIVED' : null);

export const codeAddRefusal = (discount: Life & { readonly method: DiscountMethod }): 'ARCHIVED' | 'NOT_BY_CODE' | null =>
  changeRefusal(discount) ?? (discount.method === 'CODE' ? null : 'NOT_BY_CODE');

/** What can be done with a discount now, by the name of its mutation, and the code with which that mutation would refuse. */
export const discountTransitions = (discount: Life & { readonly method: DiscountMethod }): Transition[] => [
  transition('discountUpdate', changeRefusal(discount)),
  transition('discountEnable', enableRefusal(discount)),
  transition('discountDisable', disableRefusal(discount)),
  transition('discountArchive', archiveRefusal(discount)),
  transition('discountCodeCreate', codeAddRefusal(discount)),
  transition('discountCodeBatchCreate', codeAddRefusal(discount)),
];
