-- To whom mails about an order go: not every event of an order repeats it.
create table messaging.mailed_orders (
  store_id uuid not null,
  id uuid not null,
  number text not null,
  customer_id uuid,
  name text,
  email text,
  constraint mailed_orders_pkey primary key (store_id, id)
);
create index mailed_orders_customer_index on messaging.mailed_orders (store_id, customer_id) where customer_id is not null;
alter table messaging.mailed_orders enable row level security;
alter table messaging.mailed_orders force row level security;
create policy store_isolation on messaging.mailed_orders for all
  using (store_id = nullif(current_setting('app.store_id', true), '')::uuid and current_setting('app.kind', true) in ('STAFF', 'API_KEY', 'PLATFORM', 'SYSTEM'))
  with check (store_id = nullif(current_setting('app.store_id', true), '')::uuid and current_setting('app.kind', true) in ('STAFF', 'API_KEY', 'PLATFORM', 'SYSTEM'));
