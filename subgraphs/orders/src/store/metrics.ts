import { fail, ok, toUuid, type Result } from '@storegraph/core';
import { storeOf, type Tx } from '@storegraph/database';
import { sql } from 'drizzle-orm';
import { totalsOf, type CurrencyTotals, type CustomerOrderMetrics } from '../customer/metrics.ts';
import { countedStatuses } from '../order/order.ts';
import { orders } from '../order/tables.ts';
import { refunds } from '../payment/tables.ts';
import { storeSettings } from './settings.ts';

export const periodUnits = ['DAY', 'WEEK', 'MONTH', 'QUARTER', 'YEAR'] as const;
export type PeriodUnit = (typeof periodUnits)[number];

export interface Span {
  /** Days, YYYY-MM-DD, both included. */
  readonly from: string;
  readonly to: string;
  readonly by: PeriodUnit;
  readonly timeZone?: string | null | undefined;
}

type Totals = Omit<CustomerOrderMetrics, 'firstOrderDate' | 'lastOrderDate'>;

export interface OrderMetricsPeriod extends Totals {
  readonly start: Date;
  readonly end: Date;
}

export interface StoreOrderMetrics extends Totals {
  readonly timeZone: string;
  readonly periods: readonly OrderMetricsPeriod[];
}

const maxPeriods = 1000;
const lengths: Readonly<Record<PeriodUnit, string>> = {
  DAY: '1 day',
  WEEK: '1 week',
  MONTH: '1 month',
  QUARTER: '3 months',
  YEAR: '1 year',
};
const shortestDays: Readonly<Record<PeriodUnit, number>> = { DAY: 1, WEEK: 7, MONTH: 28, QUARTER: 90, YEAR: 365 };

/** The store's orders and refunds by period, in one statement. A period begins and ends at midnight of the time zone, whatever its clocks do. */
export async function storeMetrics(tx: Tx, span: Span): Promise<Result<StoreOrderMetrics, 'BAD_SPAN'>> {
  const days = (Date.parse(span.to) - Date.parse(span.from)) / 86_400_000 + 1;
  if (days < 1) return fail('BAD_SPAN', 'The span ends before it begins.');
  if (days / shortestDays[span.by] > maxPeriods) return fail('BAD_SPAN', `The span has more than ${maxPeriods} periods.`);
  const timeZone = span.timeZone ?? (await storeSettings(tx))?.timeZone ?? 'UTC';

  const rows = await tx.execute<Row>(metricsOf(tx, span, timeZone));
  const periods = [...Map.groupBy(rows, (row) => row.start_ms)].map(([, own]) => ({
    start: new Date(Number(own[0]?.start_ms)),
    end: new Date(Number(own[0]?.end_ms)),
    ...totalsOf(own.flatMap(read)),
  }));
  return ok({ timeZone, periods, ...totalsOf([...rows].flatMap(read)) });
}

interface Row extends Record<string, unknown> {
  readonly start_ms: string;
  readonly end_ms: string;
  readonly currency: string | null;
  readonly orders: string;
  readonly spent: string;
  readonly refunded: string;
}

const read = ({ currency, orders: count, spent, refunded }: Row): CurrencyTotals[] =>
  currency === null ? [] : [{ currency, orders: Number(count), spent: BigInt(spent), refunded: BigInt(refunded) }];

function metricsOf(tx: Tx, { from, to, by }: Span, timeZone: string) {
  const store = sql`${toUuid(storeOf(tx))}::uuid`;
  const counted = sql`any(${`{${countedStatuses.join(',')}}`}::text[])`;
  const unit = by.toLowerCase();
  const length = sql`${lengths[by]}::interval`;
  return sql`
    with span as materialized (
      select (${from}::text::timestamp at time zone ${timeZone}) as begins, ((${to}::text::timestamp + interval '1 day') at time zone ${timeZone}) as ends
    ), period as (
      select date_trunc(${unit}, local) as local,
        greatest(local, ${from}::text::timestamp) at time zone ${timeZone} as begins,
        least(local + ${length}, ${to}::text::timestamp + interval '1 day') at time zone ${timeZone} as ends
      from generate_series(date_trunc(${unit}, ${from}::text::timestamp), ${to}::text::timestamp, ${length}) as local
    ), fact as (
      select date_trunc(${unit}, placed_at at time zone ${timeZone}) as local, currency, count(*) as orders, sum(total) as spent, 0 as refunded
      from ${orders}, span
      where store_id = ${store} and placed_at >= span.begins and placed_at < span.ends and status = ${counted}
      group by 1, 2
      union all
      select date_trunc(${unit}, refunded_at at time zone ${timeZone}), refund.currency, 0, 0, sum(refund.settled)
      from span, ${refunds} as refund
      left join ${orders} as sale on sale.store_id = refund.store_id and sale.id = refund.order_id
      where refund.store_id = ${store} and refunded_at >= span.begins and refunded_at < span.ends
        and (refund.order_id is null or sale.status = ${counted})
      group by 1, 2
    )
    select (extract(epoch from period.begins) * 1000)::bigint::text as start_ms, (extract(epoch from period.ends) * 1000)::bigint::text as end_ms,
      fact.currency, coalesce(fact.orders, 0)::text as orders, coalesce(fact.spent, 0)::text as spent, coalesce(fact.refunded, 0)::text as refunded
    from period left join fact on fact.local = period.local
    order by period.begins`;
}
