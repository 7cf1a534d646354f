import { toUuid, type StoreId } from '@storegraph/core';
import type { OrdersHarness } from './desk.ts';

/** Puts orders into a store by SQL, the same in every run: numbers from 1, one line each, names and addresses that share words as people's do. */
export async function fillStore({ admin }: OrdersHarness, storeId: StoreId, size: number): Promise<void> {
  const store = toUuid(storeId);
  await admin(
    `insert into orders.orders (store_id, id, number, version, contact_name, contact_email, contact_phone, currency, subtotal, discount, tax, tax_included, shipping,
       total, authorized, captured, refunded, ordered_units, allocated_units, shipped_units, delivered_units, returned_units, status, payment_status,
       fulfillment_status, source, external_id, tags, note, placed_at, paid_at, completed_at, updated_at)
     select $1::uuid, gen_random_uuid(), n, 1, first || ' ' || last, lower(first) || n || '@example.com', '+4479' || lpad(n::text, 8, '0'),
       case when n % 10 = 0 then 'USD' else 'EUR' end, n % 997, 0, 0, false, 0, n % 997, 0, 0, 0, 1, 0, 0, 0, 0,
       case when n % 100 = 0 then 'OPEN' else 'COMPLETED' end, case when n % 100 = 0 then 'PENDING' else 'PAID' end,
       case when n % 100 = 0 then 'UNFULFILLED' else 'FULFILLED' end, 'SHOP_' || n % 10, 'X' || n, case when n % 200 = 0 then '{vip,gift}'::text[] else '{}' end,
       case when n % 500 = 0 then 'Difficult' end, timestamptz '2026-01-01' + n * interval '1 second',
       case when n % 100 <> 0 then timestamptz '2026-01-02' + n * interval '1 second' end,
       case when n % 100 <> 0 then timestamptz '2026-01-02' end, timestamptz '2026-01-03' + (n * 7919 % $2::int) * interval '1 second'
     from (
       select n, (array['John','Mary','Anna','Ándrew','Maria','George','Nikos','Eleni','Peter','Paul','Sofia','Li','Wei','José','Emma','Noah','Grace','Sarah'])[1 + n % 18] as first,
         initcap((array['pa','do','lo','ma','ri','ka','ste','fa','no','ti','ber','gar','lan','sen','ow','ski','man','ton','ford','well'])[1 + (n / 18) % 20]
         || (array['wood','land','field','brook','stein','hart','worth','ley','son','smith','berg','ova'])[1 + (n / 7) % 12]) as last
       from generate_series(1, $2::int) n) names`,
    [store, size],
  );
  await admin(
    `insert into orders.order_lines (store_id, id, order_id, position, sku, name, product_id, currency, quantity, unit_price, subtotal, discount, tax, tax_included, total,
       allocated, shipped, delivered, returned, refunded)
     select store_id, gen_random_uuid(), id, 1, 'SKU-' || number % 1000, 'Lantern', 'prod-' || number % 50, currency, 1, subtotal, subtotal, 0, 0, false, subtotal, 0, 0, 0, 0, 0
     from orders.orders where store_id = $1::uuid`,
    [store],
  );
}
