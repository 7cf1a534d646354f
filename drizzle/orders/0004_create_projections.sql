-- The store's customers, from customer.created: an order may name only these.
create table orders.known_customers (
  store_id uuid not null,
  id uuid not null,
  constraint known_customers_pkey primary key (store_id, id)
);
alter table orders.known_customers enable row level security;
alter table orders.known_customers force row level security;
create policy store_isolation on orders.known_customers for all
  using (store_id = nullif(current_setting('app.store_id', true), '')::uuid and current_setting('app.kind', true) in ('STAFF', 'API_KEY', 'PLATFORM', 'SYSTEM'))
  with check (store_id = nullif(current_setting('app.store_id', true), '')::uuid and current_setting('app.kind', true) in ('STAFF', 'API_KEY', 'PLATFORM', 'SYSTEM'));

-- What an order takes from its store when it is not told: store.created, store.updated.
create table orders.known_stores (
  store_id uuid not null,
  currency text not null,
  time_zone text not null,
  constraint known_stores_pkey primary key (store_id)
);
alter table orders.known_stores enable row level security;
alter table orders.known_stores force row level security;
create policy store_isolation on orders.known_stores for all
  using (store_id = nullif(current_setting('app.store_id', true), '')::uuid and current_setting('app.kind', true) in ('STAFF', 'API_KEY', 'PLATFORM', 'SYSTEM'))
  with check (store_id = nullif(current_setting('app.store_id', true), '')::uuid and current_setting('app.kind', true) in ('STAFF', 'API_KEY', 'PLATFORM', 'SYSTEM'));
