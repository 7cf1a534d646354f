import { decodeJson, encodeJson, money, type Money } from '@storegraph/core';
import { ascending, keyset, own, type Tx, uuids } from '@storegraph/database';
import type { Cell, DownloadPlace, ExportSource } from '@storegraph/exports';
import { orThrow } from '@storegraph/subgraph';
import { asc, sql } from 'drizzle-orm';
import { numberText } from '../order/number.ts';
import { orderLines, orders, type OrderLineRow, type OrderRow } from '../order/tables.ts';
import { conditionsOf, type OrderFilter } from './filter.ts';

export const exportKind = 'orders';

export const exportPlace: DownloadPlace = { domain: 'orders', path: '/exports/:token' };

const perBatch = 250;

/** The filter as it is kept with an export, and as it was: instants and amounts survive. */
export const keptFilter = (filter: OrderFilter): unknown => JSON.parse(encodeJson(filter));
const filterOf = (kept: unknown): OrderFilter => decodeJson(JSON.stringify(kept)) as OrderFilter;

type Column = readonly [name: string, cell: (order: OrderRow, line: OrderLineRow | undefined) => Cell];

const amounts = (amount: bigint | undefined, { currency }: OrderRow): Money | null =>
  amount === undefined ? null : money(amount, currency);

const columns: readonly Column[] = [
  ['order', (order) => numberText(order)],
  ['placed_at', (order) => order.placedAt],
  ['status', (order) => order.status],
  ['payment_status', (order) => order.paymentStatus],
  ['fulfillment_status', (order) => order.fulfillmentStatus],
  ['source', (order) => order.source],
  ['external_id', (order) => order.externalId],
  ['customer_id', (order) => order.customerId],
  ['name', (order) => order.contactName],
  ['email', (order) => order.contactEmail],
  ['phone', (order) => order.contactPhone],
  ['shipping_country', (order) => order.shippingAddress?.country],
  ['tags', (order) => order.tags.join(', ')],
  ['currency', (order) => order.currency],
  ['subtotal', (order) => amounts(order.subtotal, order)],
  ['discount', (order) => amounts(order.discount, order)],
  ['shipping', (order) => amounts(order.shipping - order.shippingDiscount, order)],
  ['tax', (order) => amounts(order.tax, order)],
  ['tax_included', (order) => order.taxIncluded],
  ['total', (order) => amounts(order.total, order)],
  ['captured', (order) => amounts(order.captured, order)],
  ['refunded', (order) => amounts(order.refunded, order)],
  ['paid_at', (order) => order.paidAt],
  ['line', (_, line) => line?.position],
  ['line_sku', (_, line) => line?.sku],
  ['line_name', (_, line) => line?.name],
  ['line_quantity', (_, line) => line?.quantity],
  ['line_unit_price', (order, line) => amounts(line?.unitPrice, order)],
  ['line_discount', (order, line) => amounts(line?.discount, order)],
  ['line_tax', (order, line) => amounts(line?.tax, order)],
  ['line_total', (order, line) => amounts(line?.total, order)],
];

/** Orders in the order of their placing, a row for each line. */
export const orderExport: ExportSource = {
  header: columns.map(([name]) => name),
  count: (tx, kept) => tx.$count(orders, own(tx, orders, ...conditionsOf(tx, filterOf(kept)))),
  async batch(tx, kept, cursor) {
    const part = orThrow(
      keyset({ first: perBatch, after: cursor }, { table: orders, sort: [ascending(orders.placedAt)], id: orders.id }, { max: perBatch }),
    );
    const found = await tx
      .select()
      .from(orders)
      .where(own(tx, orders, ...conditionsOf(tx, filterOf(kept)), part.where))
      .orderBy(...part.orderBy)
      .limit(part.limit);
    const { nodes, pageInfo } = part.connection(found, () => Promise.resolve(0));
    const lines = Map.groupBy(await linesOf(tx, nodes), (line) => line.orderId);
    const rows = nodes.flatMap((order) => (lines.get(order.id) ?? [undefined]).map((line) => columns.map(([, cell]) => cell(order, line))));
    return { things: nodes.length, rows, next: pageInfo.hasNextPage ? pageInfo.endCursor : null };
  },
};

const linesOf = (tx: Tx, list: readonly OrderRow[]) =>
  tx
    .select()
    .from(orderLines)
    .where(own(tx, orderLines, sql`${orderLines.orderId} = any(${uuids(list.map(({ id }) => id))})`))
    .orderBy(asc(orderLines.orderId), asc(orderLines.position));
