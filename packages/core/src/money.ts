/** An exact amount in minor units (cents, pence, yen) of one ISO 4217 currency. */
export interface Money {
  readonly amount: bigint;
  readonly currency: string;
}

export const money = (amount: bigint, currency: string): Money => ({ amount, currency });

const currencies = new Set(Intl.supportedValuesOf('currency'));
const digits = new Map<string, number>();

/** Whether the text is an ISO 4217 code, in capitals. */
export const isCurrency = (text: string): boolean => currencies.has(text);

/** How many decimals a currency has: 2 for EUR, 0 for JPY, 3 for KWD. Source: CLDR, through Intl. */
export function minorDigits(currency: string): number {
  let known = digits.get(currency);
  if (known === undefined) {
    known = new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2;
    digits.set(currency, known);
  }
  return known;
}

/**
 * Reads a plain decimal (`12`, `-0.5`, `2.550`) as minor units of the currency.
 * Gives undefined for anything else, and for more significant decimals than the currency has: nothing is ever rounded on the way in.
 */
export function parseDecimal(text: string, currency: string): bigint | undefined {
  const match = /^(-?)(\d{1,15})(?:\.(\d{1,12}))?$/.exec(text.trim());
  if (!match) return undefined;
  const [, sign, whole = '', fraction = ''] = match;
  const places = minorDigits(currency);
  const significant = fraction.replace(/0+$/, '');
  if (significant.length > places) return undefined;
  const amount = BigInt(whole + significant.padEnd(places, '0'));
  return sign === '-' ? -amount : amount;
}

/** The amount as people of that locale write it, exact at any size. */
export function formatMoney({ amount, currency }: Money, locale = 'en'): string {
  const places = minorDigits(currency);
  const text = absolute(amount)
    .toString()
    .padStart(places + 1, '0');
  const whole = text.slice(0, text.length - places);
  const exact: Intl.StringNumericLiteral =
    `${amount < 0n ? '-' : ''}${whole}.${text.slice(text.length - places) || '0'}` as Intl.StringNumericLiteral;
  return new Intl.NumberFormat(locale, { style: 'currency', currency }).format(exact);
}

/** `amount × numerator ÷ denominator`, rounded half away from zero. */
export function ratio(amount: bigint, numerator: bigint, denominator: bigint): bigint {
  if (denominator === 0n) throw new RangeError('A ratio needs a denominator other than zero.');
  const product = amount * numerator;
  const negative = product < 0n !== denominator < 0n;
  const [top, bottom] = [absolute(product), absolute(denominator)];
  const rounded = (2n * top + bottom) / (2n * bottom);
  return negative ? -rounded : rounded;
}

/**
 * Splits a total by weights so that the shares add up to it exactly: each share is rounded down, and what is left goes, one unit each,
 * to the largest remainders (the earlier share first where they are equal). With no weight at all the first share takes everything.
 */
export function allocate(total: bigint, weights: readonly bigint[]): bigint[] {
  if (weights.some((weight) => weight < 0n)) throw new RangeError('Weights can not be negative.');
  if (weights.length === 0) {
    if (total !== 0n) throw new RangeError('Nothing to allocate to.');
    return [];
  }
  const sum = weights.reduce((a, b) => a + b, 0n);
  if (sum === 0n) return weights.map((_, index) => (index === 0 ? total : 0n));
  if (total < 0n) return allocate(-total, weights).map((share) => -share);
  const shares = weights.map((weight, index) => ({ index, share: (total * weight) / sum, rest: (total * weight) % sum }));
  const left = total - shares.reduce((a, { share }) => a + share, 0n);
  const byRest = shares.toSorted((a, b) => (a.rest === b.rest ? a.index - b.index : a.rest > b.rest ? -1 : 1));
  for (const entry of byRest.slice(0, Number(left))) entry.share += 1n;
  return shares.map(({ share }) => share);
}

/** One sum for each currency that occurs, in the order of their codes. */
export function sumByCurrency(list: Iterable<Money>): Money[] {
  const sums = new Map<string, bigint>();
  for (const { amount, currency } of list) sums.set(currency, (sums.get(currency) ?? 0n) + amount);
  return [...sums].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([currency, amount]) => money(amount, currency));
}

const absolute = (value: bigint) => (value < 0n ? -value : value);
