-- What a shopper means to buy. Written by the store's own system on behalf of whoever has proven the cart: shoppers have no rights on these tables
-- but to read the carts of the customer that they are.
create table orders.carts (
  store_id uuid not null,
  id uuid not null,
  -- Hash of the secret that opens a cart of nobody known. Null once a customer has claimed it.
  token_hash text,
  customer_id uuid,
  currency text not null,
  -- Follows from the first offer put in: prices with and without tax do not mix.
  tax_included boolean,
  contact_name text,
  contact_email text,
  contact_phone text,
  billing_address jsonb,
  shipping_address jsonb,
  customer_note text,
  discount_codes text[] not null default '{}',
  shipping_name text,
  shipping_price bigint not null default 0,
  shipping_expires_at timestamptz(3),
  -- As priced at the last change: lists show this, a single cart is priced anew.
  units integer not null default 0,
  total bigint not null default 0,
  order_id uuid,
  checked_out_at timestamptz(3),
  abandoned_at timestamptz(3),
  recovered_at timestamptz(3),
  recovery_hash text,
  changed_at timestamptz(3) not null,
  expires_at timestamptz(3) not null,
  created_at timestamptz(3) not null default now(),
  constraint carts_pkey primary key (store_id, id),
  constraint carts_recovery_key unique (store_id, recovery_hash),
  constraint carts_order_key unique (store_id, order_id),
  constraint carts_order_fkey foreign key (store_id, order_id) references orders.orders (store_id, id),
  -- A cart opens to somebody, and becomes an order at most once.
  constraint carts_holder_check check (token_hash is not null or customer_id is not null),
  constraint carts_order_check check ((order_id is null) = (checked_out_at is null)),
  constraint carts_amounts_check check (units >= 0 and total >= 0 and shipping_price >= 0),
  constraint carts_codes_check check (cardinality(discount_codes) <= 10)
);
create index carts_changed_index on orders.carts (store_id, changed_at desc, id desc);
create index carts_customer_index on orders.carts (store_id, customer_id, changed_at desc, id desc) where customer_id is not null;
-- What the sweeps look for, across stores.
create index carts_idle_index on orders.carts (changed_at) where checked_out_at is null and abandoned_at is null and units > 0;
create index carts_expiry_index on orders.carts (expires_at);
alter table orders.carts enable row level security;
alter table orders.carts force row level security;
create policy store_isolation on orders.carts for all
  using (store_id = nullif(current_setting('app.store_id', true), '')::uuid and current_setting('app.kind', true) in ('STAFF', 'API_KEY', 'PLATFORM', 'SYSTEM'))
  with check (store_id = nullif(current_setting('app.store_id', true), '')::uuid and current_setting('app.kind', true) in ('STAFF', 'API_KEY', 'PLATFORM', 'SYSTEM'));
create policy customer_own on orders.carts for select
  using (store_id = nullif(current_setting('app.store_id', true), '')::uuid and current_setting('app.kind', true) in ('CUSTOMER') and customer_id = nullif(current_setting('app.customer_id', true), '')::uuid);
-- The sweeps go through the carts of every store.
create policy sweep on orders.carts for all to :"system" using (true) with check (true);

create table orders.cart_lines (
  store_id uuid not null,
  id uuid not null,
  cart_id uuid not null,
  -- What the offer is of: the same again adds to the line.
  offer_key text not null,
  sku text,
  name text not null,
  product_id text,
  variant_id text,
  image_url text,
  quantity integer not null,
  unit_price bigint not null,
  -- Hundredths of a percent.
  tax_rate integer not null,
  max_quantity integer not null,
  -- Until when the store stands by the price.
  offer_expires_at timestamptz(3) not null,
  created_at timestamptz(3) not null default now(),
  constraint cart_lines_pkey primary key (store_id, id),
  constraint cart_lines_offer_key unique (store_id, cart_id, offer_key),
  constraint cart_lines_cart_fkey foreign key (store_id, cart_id) references orders.carts (store_id, id) on delete cascade,
  constraint cart_lines_quantity_check check (quantity between 1 and max_quantity),
  constraint cart_lines_price_check check (unit_price >= 0),
  constraint cart_lines_tax_check check (tax_rate between 0 and 10000)
);
alter table orders.cart_lines enable row level security;
alter table orders.cart_lines force row level security;
create policy store_isolation on orders.cart_lines for all
  using (store_id = nullif(current_setting('app.store_id', true), '')::uuid and current_setting('app.kind', true) in ('STAFF', 'API_KEY', 'PLATFORM', 'SYSTEM'))
  with check (store_id = nullif(current_setting('app.store_id', true), '')::uuid and current_setting('app.kind', true) in ('STAFF', 'API_KEY', 'PLATFORM', 'SYSTEM'));
