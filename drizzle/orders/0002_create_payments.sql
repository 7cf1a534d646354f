create table orders.order_payments (
  store_id uuid not null,
  id uuid not null,
  order_id uuid not null,
  customer_id uuid,
  tender text not null,
  provider text,
  external_id text,
  currency text not null,
  authorized bigint not null,
  captured bigint not null,
  refunded bigint not null,
  captured_at timestamptz(3),
  voided_at timestamptz(3),
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  constraint order_payments_pkey primary key (store_id, id),
  constraint order_payments_external_key unique (store_id, provider, external_id),
  constraint order_payments_order_fkey foreign key (store_id, order_id) references orders.orders (store_id, id),
  constraint order_payments_tender_check check (tender in ('CARD', 'GIFT_CARD', 'CASH', 'TRANSFER', 'OTHER')),
  -- Without a provider the unique key would not bite.
  constraint order_payments_provider_check check (external_id is null or provider is not null),
  constraint order_payments_authorized_check check (authorized >= 0),
  constraint order_payments_captured_check check (captured between 0 and authorized),
  constraint order_payments_captured_at_check check ((captured > 0) = (captured_at is not null)),
  -- Never more back than came in, whatever runs at the same time.
  constraint order_payments_refunded_check check (refunded between 0 and captured)
);
create index order_payments_order_index on orders.order_payments (store_id, order_id);
alter table orders.order_payments enable row level security;
alter table orders.order_payments force row level security;
create policy store_isolation on orders.order_payments for all
  using (store_id = nullif(current_setting('app.store_id', true), '')::uuid and current_setting('app.kind', true) in ('STAFF', 'API_KEY', 'PLATFORM', 'SYSTEM'))
  with check (store_id = nullif(current_setting('app.store_id', true), '')::uuid and current_setting('app.kind', true) in ('STAFF', 'API_KEY', 'PLATFORM', 'SYSTEM'));
create policy customer_own on orders.order_payments for select
  using (store_id = nullif(current_setting('app.store_id', true), '')::uuid and current_setting('app.kind', true) in ('CUSTOMER') and customer_id = nullif(current_setting('app.customer_id', true), '')::uuid);
revoke delete on orders.order_payments from :"app";

create table orders.refunds (
  store_id uuid not null,
  id uuid not null,
  order_id uuid,
  customer_id uuid,
  source text not null,
  external_id text,
  currency text not null,
  amount bigint not null,
  reason text not null,
  note text,
  refunded_at timestamptz(3) not null,
  created_at timestamptz(3) not null default now(),
  constraint refunds_pkey primary key (store_id, id),
  constraint refunds_external_key unique (store_id, source, external_id),
  constraint refunds_order_fkey foreign key (store_id, order_id) references orders.orders (store_id, id),
  constraint refunds_source_check check (source in ('MANUAL', 'CANCELLATION', 'IMPORT')),
  constraint refunds_order_check check (order_id is not null or source = 'IMPORT'),
  constraint refunds_currency_check check (currency ~ '^[A-Z]{3}$'),
  constraint refunds_amount_check check (amount > 0 or (amount = 0 and source = 'IMPORT')),
  constraint refunds_reason_check check (reason in ('RETURN', 'DAMAGED', 'NOT_DELIVERED', 'OVERCHARGE', 'GOODWILL', 'CANCELLED', 'OTHER'))
);
create index refunds_order_index on orders.refunds (store_id, order_id) where order_id is not null;
create index refunds_refunded_index on orders.refunds (store_id, refunded_at, id);
create index refunds_source_index on orders.refunds (store_id, source, refunded_at, id);
create index refunds_customer_index on orders.refunds (store_id, customer_id, refunded_at, id) include (order_id, currency, amount);
alter table orders.refunds enable row level security;
alter table orders.refunds force row level security;
create policy store_isolation on orders.refunds for all
  using (store_id = nullif(current_setting('app.store_id', true), '')::uuid and current_setting('app.kind', true) in ('STAFF', 'API_KEY', 'PLATFORM', 'SYSTEM'))
  with check (store_id = nullif(current_setting('app.store_id', true), '')::uuid and current_setting('app.kind', true) in ('STAFF', 'API_KEY', 'PLATFORM', 'SYSTEM'));
create policy customer_own on orders.refunds for select
  using (store_id = nullif(current_setting('app.store_id', true), '')::uuid and current_setting('app.kind', true) in ('CUSTOMER') and customer_id = nullif(current_setting('app.customer_id', true), '')::uuid);
revoke update, delete on orders.refunds from :"app";

create table orders.refund_payments (
  store_id uuid not null,
  id uuid not null,
  refund_id uuid not null,
  payment_id uuid not null,
  customer_id uuid,
  amount bigint not null,
  constraint refund_payments_pkey primary key (store_id, id),
  constraint refund_payments_payment_key unique (store_id, refund_id, payment_id),
  constraint refund_payments_refund_fkey foreign key (store_id, refund_id) references orders.refunds (store_id, id),
  constraint refund_payments_payment_fkey foreign key (store_id, payment_id) references orders.order_payments (store_id, id),
  constraint refund_payments_amount_check check (amount > 0)
);
alter table orders.refund_payments enable row level security;
alter table orders.refund_payments force row level security;
create policy store_isolation on orders.refund_payments for all
  using (store_id = nullif(current_setting('app.store_id', true), '')::uuid and current_setting('app.kind', true) in ('STAFF', 'API_KEY', 'PLATFORM', 'SYSTEM'))
  with check (store_id = nullif(current_setting('app.store_id', true), '')::uuid and current_setting('app.kind', true) in ('STAFF', 'API_KEY', 'PLATFORM', 'SYSTEM'));
create policy customer_own on orders.refund_payments for select
  using (store_id = nullif(current_setting('app.store_id', true), '')::uuid and current_setting('app.kind', true) in ('CUSTOMER') and customer_id = nullif(current_setting('app.customer_id', true), '')::uuid);
revoke update, delete on orders.refund_payments from :"app";

create table orders.refund_lines (
  store_id uuid not null,
  id uuid not null,
  refund_id uuid not null,
  line_id uuid,
  customer_id uuid,
  position integer not null,
  sku text,
  name text not null,
  quantity integer not null,
  amount bigint not null,
  constraint refund_lines_pkey primary key (store_id, id),
  constraint refund_lines_position_key unique (store_id, refund_id, position),
  constraint refund_lines_refund_fkey foreign key (store_id, refund_id) references orders.refunds (store_id, id),
  constraint refund_lines_line_fkey foreign key (store_id, line_id) references orders.order_lines (store_id, id),
  constraint refund_lines_quantity_check check (quantity > 0),
  constraint refund_lines_amount_check check (amount >= 0)
);
alter table orders.refund_lines enable row level security;
alter table orders.refund_lines force row level security;
create policy store_isolation on orders.refund_lines for all
  using (store_id = nullif(current_setting('app.store_id', true), '')::uuid and current_setting('app.kind', true) in ('STAFF', 'API_KEY', 'PLATFORM', 'SYSTEM'))
  with check (store_id = nullif(current_setting('app.store_id', true), '')::uuid and current_setting('app.kind', true) in ('STAFF', 'API_KEY', 'PLATFORM', 'SYSTEM'));
create policy customer_own on orders.refund_lines for select
  using (store_id = nullif(current_setting('app.store_id', true), '')::uuid and current_setting('app.kind', true) in ('CUSTOMER') and customer_id = nullif(current_setting('app.customer_id', true), '')::uuid);
revoke update, delete on orders.refund_lines from :"app";
