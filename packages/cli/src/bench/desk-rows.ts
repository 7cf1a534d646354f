import type { Direct } from '@storegraph/database';

/** A million rows take longer than any request may. */
const noTimeout = 'set statement_timeout = 0';

/** A UUID that is the same for the same text. */
const uuidOf = (text: string) => `overlay(overlay(md5(${text}) placing '4' from 13) placing '8' from 17)::uuid`;

/** Fills a store with orders by SQL, the same in every run: one line each, ten to a customer, all known, paid and sent. */
export async function fillOrders(bare: Direct, store: string, size: number): Promise<void> {
  await bare.query(noTimeout);
  const some = 100_000;
  const customer = uuidOf("$1 || ' customer ' || n / 10");
  const order = uuidOf("$1 || ' order ' || n");
  for (let from = 1; from <= size; from += some) {
    const range = [store, from, Math.min(size, from + some - 1)];
    await bare.query(
      `insert into orders.known_customers (store_id, id) select distinct $1::uuid, ${customer} from generate_series($2::int, $3::int) n on conflict do nothing`,
      range,
    );
    await bare.query(
      `insert into orders.orders (store_id, id, number, version, customer_id, contact_name, currency, subtotal, discount, tax, tax_included, shipping, total, authorized,
         captured, refunded, ordered_units, allocated_units, shipped_units, delivered_units, returned_units, status, payment_status, fulfillment_status, source, placed_at,
         paid_at, completed_at)
       select $1::uuid, ${order}, n, 1, ${customer}, 'Customer ' || n / 10, 'EUR', 1250, 0, 0, false, 0, 1250, 0, 1250, 0, 1, 1, 1, 1, 0,
         'COMPLETED', 'PAID', 'FULFILLED', 'MANUAL', at, at, at
       from generate_series($2::int, $3::int) n, lateral (select timestamptz '2026-01-01' - ($3::int - n) * interval '1 second' + $2::int * interval '1 second' as at) times`,
      range,
    );
    await bare.query(
      `insert into orders.order_lines (store_id, id, order_id, customer_id, position, sku, name, currency, quantity, unit_price, subtotal, discount, tax, tax_included, total,
         allocated, shipped, delivered, returned, refunded)
       select $1::uuid, gen_random_uuid(), ${order}, ${customer}, line, 'SKU-' || n % 1000, 'Lantern', 'EUR', 1, 625, 625, 0, 0, false, 625, 1, 1, 1, 0, 0
       from generate_series($2::int, $3::int) n, generate_series(1, 2) line`,
      range,
    );
  }
}

/** Fills a store with customers by SQL, with names that share words as people's do, and an e-mail address each. */
export async function fillCustomers(bare: Direct, store: string, size: number): Promise<void> {
  await bare.query(noTimeout);
  await bare.query(
    `insert into customers.customers (store_id, id, number, first_name, last_name, search_name, status, created_at)
     select $1::uuid, ${uuidOf("$1 || ' person ' || n")}, n, first, last, ' ' || first || ' ' || last || ' ', 'ACTIVE', timestamptz '2020-01-01' + n * interval '1 second'
     from (
       select n, (array['john','mary','anna','andrew','maria','george','nikos','eleni','peter','paul','sofia','li','wei','jose','emma','noah','grace','sarah'])[1 + n % 18] as first,
         (array['pa','do','lo','ma','ri','ka','ste','fa','no','ti','ber','gar','lan','sen','ow','ski','man','ton','ford','well'])[1 + (n / 18) % 20]
         || (array['wood','land','field','brook','stein','hart','worth','ley','son','smith','berg','ova'])[1 + (n / 7) % 12] || n / 1000 as last
       from generate_series(1, $2::int) n) names`,
    [store, size],
  );
  await bare.query(
    `insert into customers.contact_points (store_id, id, customer_id, channel, address, display, search_key, is_primary)
     select store_id, gen_random_uuid(), id, 'EMAIL', address, address, address, true
     from customers.customers, lateral (select first_name || number || '@example.com' as address) point where store_id = $1::uuid`,
    [store],
  );
}

/** One statement that writes all of these rows of a table, and how to fill it: the columns' texts, in their order, row after row. */
export interface Copied {
  readonly statement: string;
  readonly rows: readonly Readonly<Record<string, string | null>>[];
}

/** What a hand-written program would send to write rows such as those that the condition names. */
export async function copyOf(bare: Direct, table: string, condition: string, params: readonly unknown[]): Promise<Copied> {
  const columns = await bare.query<{ name: string; type: string }>(
    `select attname as name, format_type(atttypid, atttypmod) as type from pg_attribute
     where attrelid = $1::regclass and attnum > 0 and not attisdropped and attidentity = '' and attgenerated = '' order by attnum`,
    [table],
  );
  const rows = await bare.query<Record<string, string | null>>(
    `select ${columns.map(({ name }) => `${name}::text`).join(', ')} from ${table} where ${condition}`,
    params,
  );
  const place = (row: number, column: number) => `$${row * columns.length + column + 1}::text::`;
  const values = rows.map((_, row) => `(${columns.map(({ type }, column) => place(row, column) + type).join(', ')})`);
  return { statement: `insert into ${table} (${columns.map(({ name }) => name).join(', ')}) values ${values.join(', ')}`, rows };
}
