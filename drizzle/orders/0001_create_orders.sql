create table orders.orders (
  store_id uuid not null,
  id uuid not null,
  number bigint not null,
  version integer not null,
  customer_id uuid,
  contact_name text,
  contact_email text,
  contact_phone text,
  currency text not null,
  subtotal bigint not null,
  discount bigint not null,
  tax bigint not null,
  tax_included boolean not null,
  shipping bigint not null,
  total bigint not null,
  authorized bigint not null,
  captured bigint not null,
  refunded bigint not null,
  ordered_units bigint not null,
  allocated_units bigint not null,
  shipped_units bigint not null,
  delivered_units bigint not null,
  returned_units bigint not null,
  status text not null,
  payment_status text not null,
  fulfillment_status text not null,
  billing_address jsonb,
  shipping_address jsonb,
  customer_note text,
  note text,
  source text not null,
  external_id text,
  placed_at timestamptz(3) not null,
  paid_at timestamptz(3),
  shipped_at timestamptz(3),
  completed_at timestamptz(3),
  cancelled_at timestamptz(3),
  cancel_reason text,
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  constraint orders_pkey primary key (store_id, id),
  constraint orders_number_key unique (store_id, number),
  -- In this order, so that it also answers for an external id of any source.
  constraint orders_external_key unique (store_id, external_id, source),
  constraint orders_version_check check (version > 0),
  constraint orders_currency_check check (currency ~ '^[A-Z]{3}$'),
  constraint orders_amounts_check check (
    subtotal >= 0 and discount between 0 and subtotal and tax >= 0 and shipping >= 0 and authorized >= 0 and captured >= 0
    and refunded between 0 and captured
  ),
  constraint orders_total_check check (total = subtotal - discount + shipping + case when tax_included then 0 else tax end),
  constraint orders_tax_included_check check (not tax_included or tax <= total),
  constraint orders_units_check check (
    ordered_units > 0 and allocated_units between 0 and ordered_units and shipped_units between 0 and allocated_units
    and delivered_units between 0 and shipped_units and returned_units between 0 and shipped_units
  ),
  constraint orders_status_check check (status in ('DRAFT', 'OPEN', 'COMPLETED', 'CANCELLED', 'EXPIRED')),
  constraint orders_payment_status_check check (
    payment_status in ('PENDING', 'AUTHORIZED', 'PARTIALLY_PAID', 'PAID', 'OVERPAID', 'PARTIALLY_REFUNDED', 'REFUNDED')
  ),
  constraint orders_fulfillment_status_check check (
    fulfillment_status in ('UNFULFILLED', 'PARTIALLY_FULFILLED', 'FULFILLED', 'PARTIALLY_RETURNED', 'RETURNED')
  ),
  constraint orders_cancel_reason_check check (cancel_reason in ('CUSTOMER', 'INVENTORY', 'FRAUD', 'DECLINED', 'STAFF', 'OTHER')),
  constraint orders_completed_check check ((status = 'COMPLETED') = (completed_at is not null)),
  constraint orders_cancelled_check check ((status = 'CANCELLED') = (cancelled_at is not null))
);
-- Answers a customer's orders, newest first, and, without visiting the table, what that customer spent.
create index orders_customer_index on orders.orders (store_id, customer_id, placed_at, id) include (status, currency, total, refunded);
-- Answers the order list, and the store's takings by period.
create index orders_placed_index on orders.orders (store_id, placed_at, id) include (status, currency, total);
create index orders_status_index on orders.orders (store_id, status, placed_at, id);
create index orders_source_index on orders.orders (store_id, source, placed_at, id);
-- What is still to be sent or paid, in the order of the list. Most orders are neither, and cost these nothing; the state comes last so that it
-- is told from the index.
create index orders_unfulfilled_index on orders.orders (store_id, placed_at, id, fulfillment_status) where fulfillment_status <> 'FULFILLED';
create index orders_unpaid_index on orders.orders (store_id, placed_at, id, payment_status) where payment_status <> 'PAID';
create index orders_contact_email_index on orders.orders (store_id, contact_email) where contact_email is not null;
alter table orders.orders enable row level security;
alter table orders.orders force row level security;
create policy store_isolation on orders.orders for all
  using (store_id = nullif(current_setting('app.store_id', true), '')::uuid and current_setting('app.kind', true) in ('STAFF', 'API_KEY', 'PLATFORM', 'SYSTEM'))
  with check (store_id = nullif(current_setting('app.store_id', true), '')::uuid and current_setting('app.kind', true) in ('STAFF', 'API_KEY', 'PLATFORM', 'SYSTEM'));
create policy customer_own on orders.orders for select
  using (store_id = nullif(current_setting('app.store_id', true), '')::uuid and current_setting('app.kind', true) in ('CUSTOMER') and customer_id = nullif(current_setting('app.customer_id', true), '')::uuid);
revoke delete on orders.orders from :"app";

create table orders.order_lines (
  store_id uuid not null,
  id uuid not null,
  order_id uuid not null,
  customer_id uuid,
  position integer not null,
  sku text,
  name text not null,
  product_id text,
  variant_id text,
  currency text not null,
  quantity integer not null,
  unit_price bigint not null,
  subtotal bigint not null,
  discount bigint not null,
  tax bigint not null,
  tax_included boolean not null,
  total bigint not null,
  allocated integer not null,
  shipped integer not null,
  delivered integer not null,
  returned integer not null,
  refunded integer not null,
  constraint order_lines_pkey primary key (store_id, id),
  constraint order_lines_position_key unique (store_id, order_id, position),
  constraint order_lines_order_fkey foreign key (store_id, order_id) references orders.orders (store_id, id),
  constraint order_lines_quantity_check check (quantity > 0),
  constraint order_lines_amounts_check check (unit_price >= 0 and discount between 0 and subtotal and tax >= 0),
  constraint order_lines_subtotal_check check (subtotal = unit_price * quantity),
  constraint order_lines_total_check check (total = subtotal - discount + case when tax_included then 0 else tax end),
  constraint order_lines_tax_included_check check (not tax_included or tax <= total),
  -- Never more in parcels than was ordered, whatever runs at the same time.
  constraint order_lines_allocated_check check (allocated between 0 and quantity),
  constraint order_lines_shipped_check check (shipped between 0 and allocated and delivered between 0 and shipped and returned between 0 and shipped),
  constraint order_lines_refunded_check check (refunded between 0 and quantity)
);
alter table orders.order_lines enable row level security;
alter table orders.order_lines force row level security;
create policy store_isolation on orders.order_lines for all
  using (store_id = nullif(current_setting('app.store_id', true), '')::uuid and current_setting('app.kind', true) in ('STAFF', 'API_KEY', 'PLATFORM', 'SYSTEM'))
  with check (store_id = nullif(current_setting('app.store_id', true), '')::uuid and current_setting('app.kind', true) in ('STAFF', 'API_KEY', 'PLATFORM', 'SYSTEM'));
create policy customer_own on orders.order_lines for select
  using (store_id = nullif(current_setting('app.store_id', true), '')::uuid and current_setting('app.kind', true) in ('CUSTOMER') and customer_id = nullif(current_setting('app.customer_id', true), '')::uuid);
revoke delete on orders.order_lines from :"app";

create table orders.order_discount_allocations (
  store_id uuid not null,
  id uuid not null,
  order_id uuid not null,
  line_id uuid not null,
  customer_id uuid,
  target text not null,
  label text,
  amount bigint not null,
  constraint order_discount_allocations_pkey primary key (store_id, id),
  constraint order_discount_allocations_order_fkey foreign key (store_id, order_id) references orders.orders (store_id, id),
  constraint order_discount_allocations_line_fkey foreign key (store_id, line_id) references orders.order_lines (store_id, id),
  constraint order_discount_allocations_target_check check (target in ('LINE', 'ORDER')),
  constraint order_discount_allocations_amount_check check (amount > 0)
);
create index order_discount_allocations_line_index on orders.order_discount_allocations (store_id, line_id);
alter table orders.order_discount_allocations enable row level security;
alter table orders.order_discount_allocations force row level security;
create policy store_isolation on orders.order_discount_allocations for all
  using (store_id = nullif(current_setting('app.store_id', true), '')::uuid and current_setting('app.kind', true) in ('STAFF', 'API_KEY', 'PLATFORM', 'SYSTEM'))
  with check (store_id = nullif(current_setting('app.store_id', true), '')::uuid and current_setting('app.kind', true) in ('STAFF', 'API_KEY', 'PLATFORM', 'SYSTEM'));
create policy customer_own on orders.order_discount_allocations for select
  using (store_id = nullif(current_setting('app.store_id', true), '')::uuid and current_setting('app.kind', true) in ('CUSTOMER') and customer_id = nullif(current_setting('app.customer_id', true), '')::uuid);
revoke update, delete on orders.order_discount_allocations from :"app";

create table orders.order_events (
  store_id uuid not null,
  id uuid not null,
  order_id uuid not null,
  customer_id uuid,
  sequence integer not null,
  kind text not null,
  internal boolean not null,
  actor_kind text not null,
  actor_id text,
  amount bigint,
  payment_id uuid,
  refund_id uuid,
  fulfillment_id uuid,
  reason text,
  occurred_at timestamptz(3) not null,
  constraint order_events_pkey primary key (store_id, id),
  constraint order_events_sequence_key unique (store_id, order_id, sequence),
  constraint order_events_order_fkey foreign key (store_id, order_id) references orders.orders (store_id, id)
);
alter table orders.order_events enable row level security;
alter table orders.order_events force row level security;
create policy store_isolation on orders.order_events for all
  using (store_id = nullif(current_setting('app.store_id', true), '')::uuid and current_setting('app.kind', true) in ('STAFF', 'API_KEY', 'PLATFORM', 'SYSTEM'))
  with check (store_id = nullif(current_setting('app.store_id', true), '')::uuid and current_setting('app.kind', true) in ('STAFF', 'API_KEY', 'PLATFORM', 'SYSTEM'));
-- What staff wrote among themselves is not the customer's.
create policy customer_own on orders.order_events for select
  using (store_id = nullif(current_setting('app.store_id', true), '')::uuid and current_setting('app.kind', true) in ('CUSTOMER') and customer_id = nullif(current_setting('app.customer_id', true), '')::uuid and not internal);
revoke update, delete on orders.order_events from :"app";

create table orders.order_counters (
  store_id uuid not null,
  last bigint not null,
  constraint order_counters_pkey primary key (store_id)
);
alter table orders.order_counters enable row level security;
alter table orders.order_counters force row level security;
create policy store_isolation on orders.order_counters for all
  using (store_id = nullif(current_setting('app.store_id', true), '')::uuid and current_setting('app.kind', true) in ('STAFF', 'API_KEY', 'PLATFORM', 'SYSTEM'))
  with check (store_id = nullif(current_setting('app.store_id', true), '')::uuid and current_setting('app.kind', true) in ('STAFF', 'API_KEY', 'PLATFORM', 'SYSTEM'));
revoke delete on orders.order_counters from :"app";
