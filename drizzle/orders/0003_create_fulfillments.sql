create table orders.fulfillments (
  store_id uuid not null,
  id uuid not null,
  order_id uuid not null,
  customer_id uuid,
  status text not null,
  carrier text,
  tracking_number text,
  tracking_url text,
  shipped_at timestamptz(3),
  delivered_at timestamptz(3),
  cancelled_at timestamptz(3),
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  constraint fulfillments_pkey primary key (store_id, id),
  constraint fulfillments_order_fkey foreign key (store_id, order_id) references orders.orders (store_id, id),
  constraint fulfillments_status_check check (status in ('PENDING', 'SHIPPED', 'DELIVERED', 'CANCELLED')),
  constraint fulfillments_delivered_check check ((status = 'DELIVERED') = (delivered_at is not null)),
  constraint fulfillments_cancelled_check check ((status = 'CANCELLED') = (cancelled_at is not null)),
  constraint fulfillments_shipped_check check (status not in ('SHIPPED', 'DELIVERED') or shipped_at is not null)
);
create index fulfillments_order_index on orders.fulfillments (store_id, order_id);
alter table orders.fulfillments enable row level security;
alter table orders.fulfillments force row level security;
create policy store_isolation on orders.fulfillments for all
  using (store_id = nullif(current_setting('app.store_id', true), '')::uuid and current_setting('app.kind', true) in ('STAFF', 'API_KEY', 'PLATFORM', 'SYSTEM'))
  with check (store_id = nullif(current_setting('app.store_id', true), '')::uuid and current_setting('app.kind', true) in ('STAFF', 'API_KEY', 'PLATFORM', 'SYSTEM'));
create policy customer_own on orders.fulfillments for select
  using (store_id = nullif(current_setting('app.store_id', true), '')::uuid and current_setting('app.kind', true) in ('CUSTOMER') and customer_id = nullif(current_setting('app.customer_id', true), '')::uuid);
revoke delete on orders.fulfillments from :"app";

create table orders.fulfillment_lines (
  store_id uuid not null,
  id uuid not null,
  fulfillment_id uuid not null,
  line_id uuid not null,
  customer_id uuid,
  quantity integer not null,
  constraint fulfillment_lines_pkey primary key (store_id, id),
  constraint fulfillment_lines_line_key unique (store_id, fulfillment_id, line_id),
  constraint fulfillment_lines_fulfillment_fkey foreign key (store_id, fulfillment_id) references orders.fulfillments (store_id, id),
  constraint fulfillment_lines_line_fkey foreign key (store_id, line_id) references orders.order_lines (store_id, id),
  constraint fulfillment_lines_quantity_check check (quantity > 0)
);
alter table orders.fulfillment_lines enable row level security;
alter table orders.fulfillment_lines force row level security;
create policy store_isolation on orders.fulfillment_lines for all
  using (store_id = nullif(current_setting('app.store_id', true), '')::uuid and current_setting('app.kind', true) in ('STAFF', 'API_KEY', 'PLATFORM', 'SYSTEM'))
  with check (store_id = nullif(current_setting('app.store_id', true), '')::uuid and current_setting('app.kind', true) in ('STAFF', 'API_KEY', 'PLATFORM', 'SYSTEM'));
create policy customer_own on orders.fulfillment_lines for select
  using (store_id = nullif(current_setting('app.store_id', true), '')::uuid and current_setting('app.kind', true) in ('CUSTOMER') and customer_id = nullif(current_setting('app.customer_id', true), '')::uuid);
revoke update, delete on orders.fulfillment_lines from :"app";
