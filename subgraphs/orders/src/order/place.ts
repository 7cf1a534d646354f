import { fail, isRefusal, newId, ok, refuse, type Id, type Problem, type Result } from '@storegraph/core';
import { insertRow, insertRows, owned, storeOf, type Tx } from '@storegraph/database';
import { orderPlaced } from '@storegraph/events';
import { sql } from 'drizzle-orm';
import type { DiscountRefusal } from '../discount/discount.ts';
import { evaluateDiscounts, type AppliedDiscount, type DiscountRequest, type Evaluation } from '../discount/evaluate.ts';
import { redeemDiscounts, type RedeemingOrder } from '../discount/redeem.ts';
import { maxTotal } from '../input.ts';
import { orderSettingsOf, type OrderSettings } from '../store/settings.ts';
import type { OrderAddress } from './address.ts';
import { fingerprintOf } from './fingerprint.ts';
import { numbering, numberText } from './number.ts';
import { fulfillmentStatusOf, paymentStatusOf } from './order.ts';
import { inCurrencyOf, paidFact, tell, type Fact, type FactActor } from './record.ts';
import { allocationRows, lineRows, type PlacedLine } from './rows.ts';
import { orderDiscountAllocations, orderLines, orders, type OrderRow } from './tables.ts';
import { discountable, totalsOf, type OrderTotals } from './totals.ts';

/** What is asked for: enough to say what it costs. */
export interface Request {
  readonly customerId: Id<'cus'> | null;
  readonly currency: string;
  /** Whether the prices contain the tax. */
  readonly taxIncluded: boolean;
  readonly lines: readonly PlacedLine[];
  /** Given by hand on the whole order, after every other discount. */
  readonly discount: bigint;
  readonly discountLabel: string | null;
  readonly discountCodes: readonly string[];
  /** Of the whole order, shared out to the lines on top of their own. */
  readonly tax: bigint;
  readonly shipping: bigint;
}

/** An order to be placed. Amounts are minor units of its currency. */
export interface Placement extends Request {
  readonly contact: { readonly name: string | null; readonly email: string | null; readonly phone: string | null } | null;
  readonly billingAddress: OrderAddress | null;
  readonly shippingAddress: OrderAddress | null;
  readonly customerNote: string | null;
  readonly note: string | null;
  readonly source: string;
  readonly externalId: string | null;
  readonly placedAt: Date;
  /** When it is given up unless it is paid. By the store's setting when null. */
  readonly expiresAt: Date | null;
  /** Who placed it, where it is not the transaction's identity. */
  readonly actor?: FactActor;
}

export type { PlacedLine };

export type PriceCode = DiscountRefusal | 'DISCOUNT_TOO_HIGH' | 'AMOUNT_TOO_HIGH' | 'INVALID';
export type PlaceCode = PriceCode | 'EXTERNAL_ID_TAKEN';

export interface Quote {
  readonly totals: OrderTotals;
  readonly applied: readonly AppliedDiscount[];
}

/** What a request comes to now, with the discounts that apply: by its codes, and by themselves. Writes nothing and takes no use of a discount. */
export async function quote(tx: Tx, request: Request, now: Date): Promise<Result<Quote, PriceCode>> {
  return priced(request, await evaluateDiscounts(tx, discountRequest(request, now)));
}

/** What the store says to an order before it is placed. */
export interface Terms {
  readonly evaluation: Evaluation;
  readonly settings: OrderSettings;
}

/** Asks for them. Reads only, and waits for nothing that is locked. */
export async function termsOf(tx: Tx, request: Request, now: Date): Promise<Terms> {
  const [evaluation, settings] = await Promise.all([evaluateDiscounts(tx, discountRequest(request, now)), orderSettingsOf(tx)]);
  return { evaluation, settings };
}

/**
 * Places an order in the caller's transaction, which has checked input, customer and key: redeems its discounts, numbers it, and writes its rows,
 * timeline and event. Asks for its terms itself where the caller has not. A refusal leaves writes behind: let it roll back the transaction, or the
 * savepoint of `once`.
 */
export async function placeOrder(
  tx: Tx,
  placement: Placement,
  now: Date,
  terms = termsOf(tx, placement, now),
): Promise<Result<OrderRow, PlaceCode>> {
  const { evaluation, settings } = await terms;
  const quoted = priced(placement, evaluation);
  if (isRefusal(quoted)) return quoted;
  const { totals, applied } = quoted.value;

  const worked = placedRow(placement, totals, now, settings.unpaidExpiryMinutes);
  // Before the number, so that whoever waits for a discount that many want keeps nobody waiting for the store's numbers.
  const redeemed = await redeem(tx, worked, placement, applied, now);
  if (isRefusal(redeemed)) return redeemed;
  const { number, with: counted } = numbering(tx);
  const inserted = insertRow(tx, orders, owned(tx, { ...worked, number }), {
    with: counted,
    onConflict: sql`on conflict (store_id, source, external_id) do nothing`,
  });
  // Without an external id nothing can be in the way, and what hangs on the order need not wait for it.
  if (placement.externalId !== null && !(await inserted))
    return fail('EXTERNAL_ID_TAKEN', 'This order of the source was placed before.', ['externalId']);
  const [written] = await Promise.all([inserted, writeLines(tx, { ...worked, storeId: storeOf(tx) }, placement, quoted.value)]);
  if (!written) throw new Error('The order was not written');
  await tell(tx, written, [placedFact(written), ...paidFact({ ...written, paidAt: null })], 0, placement.placedAt, placement.actor);
  return ok(written);
}

/** Writes the lines of an order that has none, and where each cent of their discounts went. */
export async function writeLines(
  tx: Tx,
  order: Parameters<typeof lineRows>[0],
  request: Pick<Request, 'lines' | 'discountLabel'>,
  { totals, applied }: Quote,
): Promise<void> {
  const lines = lineRows(order, request.lines, totals);
  const names = { lines: request.lines, promotions: applied, discountLabel: request.discountLabel };
  await Promise.all([insertRows(tx, orderLines, lines), insertRows(tx, orderDiscountAllocations, allocationRows(lines, names, totals))]);
}

/** Takes a use of each discount for an order, which may still be to be written. A refusal names the code where there is only one. */
export async function redeem(
  tx: Tx,
  order: RedeemingOrder,
  { discountCodes }: Pick<Request, 'discountCodes'>,
  applied: readonly AppliedDiscount[],
  now: Date,
): Promise<Result<void, DiscountRefusal>> {
  if (applied.length === 0) return ok(undefined);
  const redeemed = await redeemDiscounts(tx, order, applied, now);
  return isRefusal(redeemed) ? refuse(redeemed.problems.map((problem) => atCode(problem, discountCodes))) : redeemed;
}

const discountRequest = ({ discountCodes: codes, customerId, currency, shipping, lines }: Request, at: Date): DiscountRequest => ({
  codes,
  customerId,
  currency,
  shipping,
  at,
  lines,
});

/** The totals of a request with the discounts that were found for it, or all that is wrong with it. */
export function priced(request: Request, { applied, refused }: Evaluation): Result<Quote, PriceCode> {
  if (refused.length > 0) {
    return refuse(refused.map(({ code, reason, message }) => ({ code: reason, message, field: codeField(request.discountCodes, code) })));
  }
  if (request.discount > discountable({ lines: request.lines, promotions: applied }))
    return fail('DISCOUNT_TOO_HIGH', 'The discount is higher than what is left of the order.', ['discount']);
  const totals = totalsOf({ ...request, promotions: applied });
  const worth = [totals.subtotal, totals.total, totals.tax, totals.shipping];
  if (worth.some((amount) => amount > maxTotal))
    return fail('AMOUNT_TOO_HIGH', 'The order is worth more than 10,000,000,000,000 minor units.', ['lines']);
  const overtaxed = request.taxIncluded ? totals.lines.findIndex((each) => each.tax > each.total) : -1;
  if (overtaxed >= 0) return fail('INVALID', 'Tax that is included can not be higher than the price.', ['lines', String(overtaxed), 'tax']);
  return ok({ totals, applied });
}

const codeField = (codes: readonly string[], code: string): readonly string[] => {
  const index = codes.findIndex((asked) => asked.trim().toLowerCase() === code.trim().toLowerCase());
  return index < 0 ? ['discountCodes'] : ['discountCodes', String(index)];
};

/** A redemption is refused by discount; whoever asked knows it by its code. */
const atCode = (problem: Problem<DiscountRefusal>, codes: readonly string[]): Problem<DiscountRefusal> =>
  problem.field ? problem : { ...problem, field: codes.length === 1 ? ['discountCodes', '0'] : ['discountCodes'] };

/** When an order that is placed now is given up unless it is paid. */
export const expiryOf = (asked: Date | null, minutes: number | null, total: bigint, now: Date): Date | null => {
  if (total === 0n) return null;
  return asked ?? (minutes === null ? null : new Date(now.getTime() + minutes * 60_000));
};

function placedRow(placement: Placement, totals: OrderTotals, now: Date, expiryMinutes: number | null) {
  const orderedUnits = placement.lines.reduce((sum, { quantity }) => sum + quantity, 0);
  const money = { total: totals.total, authorized: 0n, captured: 0n, refunded: 0n };
  const goods = { orderedUnits, allocatedUnits: 0, shippedUnits: 0, deliveredUnits: 0, returnedUnits: 0 };
  const paid = paymentStatusOf(money) === 'PAID';
  return {
    ...money,
    ...goods,
    id: newId('ord'),
    version: paid ? 2 : 1,
    customerId: placement.customerId,
    contactName: placement.contact?.name ?? null,
    contactEmail: placement.contact?.email ?? null,
    contactPhone: placement.contact?.phone ?? null,
    currency: placement.currency,
    subtotal: totals.subtotal,
    discount: totals.discount,
    tax: totals.tax,
    taxIncluded: placement.taxIncluded,
    shipping: totals.shipping,
    shippingDiscount: totals.shippingDiscount,
    status: 'OPEN' as const,
    paymentStatus: paymentStatusOf(money),
    fulfillmentStatus: fulfillmentStatusOf(goods),
    billingAddress: placement.billingAddress,
    shippingAddress: placement.shippingAddress,
    customerNote: placement.customerNote,
    note: placement.note,
    source: placement.source,
    externalId: placement.externalId,
    fingerprint: fingerprintOf(placement, totals.total),
    placedAt: placement.placedAt,
    paidAt: paid ? placement.placedAt : null,
    expiresAt: expiryOf(placement.expiresAt, expiryMinutes, totals.total, now),
  };
}

export const placedFact = (order: OrderRow): Fact => ({
  kind: 'PLACED',
  amount: order.total,
  event: (stamp) =>
    orderPlaced(
      {
        ...stamp,
        number: numberText(order),
        subtotal: inCurrencyOf(order, order.subtotal),
        discount: inCurrencyOf(order, order.discount),
        tax: inCurrencyOf(order, order.tax),
        shipping: inCurrencyOf(order, order.shipping),
        shippingDiscount: inCurrencyOf(order, order.shippingDiscount),
        total: inCurrencyOf(order, order.total),
        units: order.orderedUnits,
        source: order.source,
        externalId: order.externalId,
        placedAt: order.placedAt,
      },
      { personal: { name: order.contactName, email: order.contactEmail, phone: order.contactPhone } },
    ),
});
