import { own, texts, type Tx } from '@storegraph/database';
import { readId } from '@storegraph/subgraph';
import { and, eq, exists, gte, inArray, isNotNull, isNull, lt, lte, or, sql, type SQL } from 'drizzle-orm';
import { normalizeCode } from '../discount/code.ts';
import { discountCodes, discountRedemptions } from '../discount/tables.ts';
import type { FulfillmentStatus, OrderStatus, PaymentStatus } from '../order/order.ts';
import { orderLines, orders } from '../order/tables.ts';
import type { Tender } from '../payment/payment.ts';
import { orderPayments } from '../payment/tables.ts';
import { searchTerms } from './search.ts';

/** What a desk narrows the list of orders by. */
export interface OrderFilter {
  readonly status?: readonly OrderStatus[] | null;
  readonly paymentStatus?: readonly PaymentStatus[] | null;
  readonly fulfillmentStatus?: readonly FulfillmentStatus[] | null;
  readonly customerId?: string | null;
  readonly placedFrom?: Date | null;
  readonly placedTo?: Date | null;
  readonly paidFrom?: Date | null;
  readonly paidTo?: Date | null;
  readonly updatedFrom?: Date | null;
  readonly updatedTo?: Date | null;
  readonly total?: { readonly currency: string; readonly from?: bigint | null; readonly to?: bigint | null } | null;
  readonly hasNote?: boolean | null;
  readonly source?: string | null;
  readonly tags?: readonly string[] | null;
  readonly sku?: string | null;
  readonly productId?: string | null;
  readonly discountCode?: string | null;
  readonly tender?: readonly Tender[] | null;
  readonly query?: string | null;
}

/** The filter as conditions of a query of `orders`, in that transaction. */
export function conditionsOf(tx: Tx, filter: OrderFilter): (SQL | undefined)[] {
  return [...axes(filter), ...ranges(filter), ...facts(filter), ...contents(tx, filter), ...searched(tx, filter)];
}

const some = <T>(values: readonly T[] | null | undefined): values is readonly T[] => values !== null && values !== undefined;

// Follow from the states asked for. Said as the partial indexes of the same names say them, so that these are used whatever the parameters.
const unpaid = sql`${orders.paymentStatus} <> 'PAID'`;
const unfulfilled = sql`${orders.fulfillmentStatus} <> 'FULFILLED'`;

const axes = ({ status, paymentStatus, fulfillmentStatus }: OrderFilter) => [
  some(status) ? inArray(orders.status, [...status]) : undefined,
  some(paymentStatus) ? inArray(orders.paymentStatus, [...paymentStatus]) : undefined,
  some(paymentStatus) && !paymentStatus.includes('PAID') ? unpaid : undefined,
  some(fulfillmentStatus) ? inArray(orders.fulfillmentStatus, [...fulfillmentStatus]) : undefined,
  some(fulfillmentStatus) && !fulfillmentStatus.includes('FULFILLED') ? unfulfilled : undefined,
];

const ranges = ({ placedFrom, placedTo, paidFrom, paidTo, updatedFrom, updatedTo, total }: OrderFilter) => [
  placedFrom ? gte(orders.placedAt, placedFrom) : undefined,
  placedTo ? lt(orders.placedAt, placedTo) : undefined,
  paidFrom ? gte(orders.paidAt, paidFrom) : undefined,
  paidTo ? lt(orders.paidAt, paidTo) : undefined,
  updatedFrom ? gte(orders.updatedAt, updatedFrom) : undefined,
  updatedTo ? lt(orders.updatedAt, updatedTo) : undefined,
  total ? eq(orders.currency, total.currency) : undefined,
  isAmount(total?.from) ? gte(orders.total, total.from) : undefined,
  isAmount(total?.to) ? lte(orders.total, total.to) : undefined,
];

const isAmount = (amount: bigint | null | undefined): amount is bigint => amount !== null && amount !== undefined;

const facts = ({ customerId, source, hasNote }: OrderFilter) => [
  customerId ? eq(orders.customerId, readId('cus', customerId)) : undefined,
  source ? eq(orders.source, source) : undefined,
  hasNote === true ? or(isNotNull(orders.note), isNotNull(orders.customerNote)) : undefined,
  hasNote === false ? and(isNull(orders.note), isNull(orders.customerNote)) : undefined,
];

const contents = (tx: Tx, { sku, productId, discountCode, tender, tags }: OrderFilter) => [
  sku ? lineWith(tx, eq(orderLines.sku, sku)) : undefined,
  productId ? lineWith(tx, eq(orderLines.productId, productId)) : undefined,
  discountCode ? redeemed(tx, discountCode) : undefined,
  some(tender) ? paidBy(tx, tender) : undefined,
  some(tags) && tags.length > 0 ? sql`${orders.id} in (select order_id from orders.tagged_orders(${texts(tags)}))` : undefined,
];

const one = { one: sql`1` };

const lineWith = (tx: Tx, condition: SQL) =>
  exists(
    tx
      .select(one)
      .from(orderLines)
      .where(own(tx, orderLines, eq(orderLines.orderId, orders.id), condition)),
  );

const paidBy = (tx: Tx, tenders: readonly Tender[]) =>
  exists(
    tx
      .select(one)
      .from(orderPayments)
      .where(own(tx, orderPayments, eq(orderPayments.orderId, orders.id), inArray(orderPayments.tender, [...tenders]))),
  );

/** A use that was given back, as with a cancelled order, counts too: the order was placed with the code. */
function redeemed(tx: Tx, code: string): SQL {
  const codes = tx
    .select({ id: discountCodes.id })
    .from(discountCodes)
    .where(own(tx, discountCodes, eq(discountCodes.normalized, normalizeCode(code))));
  return exists(
    tx
      .select(one)
      .from(discountRedemptions)
      .where(own(tx, discountRedemptions, eq(discountRedemptions.orderId, orders.id), inArray(discountRedemptions.codeId, codes))),
  );
}

function searched(tx: Tx, { query }: OrderFilter): (SQL | undefined)[] {
  if (!query?.trim()) return [];
  const terms = searchTerms(query);
  if (!terms) return [sql`false`];
  const { nameStarts, number, keys, emailStart, phoneEnd } = terms;
  // Nobody but staff may use the function; a customer's own orders are few.
  if (tx.scope.identity.kind === 'CUSTOMER') {
    return [
      or(
        number === null ? undefined : eq(orders.number, number),
        inArray(orders.externalId, [...keys]),
        inArray(orders.contactEmail, [...keys]),
      ),
    ];
  }
  return [
    sql`${orders.id} in (select order_id from orders.search_orders(${texts(nameStarts)}, ${number?.toString() ?? null}::bigint, ${texts(keys)}, ${emailStart}::text, ${phoneEnd}::text))`,
  ];
}
