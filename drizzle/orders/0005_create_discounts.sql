create table orders.discounts (
  store_id uuid not null,
  id uuid not null,
  title text not null,
  title_key text not null,
  method text not null,
  kind text not null,
  applies_to text not null,
  basis_points integer,
  once_per_order boolean not null,
  minimum_quantity integer,
  starts_at timestamptz(3) not null,
  ends_at timestamptz(3),
  usage_limit integer,
  used integer not null default 0,
  customer_limit integer,
  priority integer not null,
  combines_with text[] not null,
  target_skus text[] not null,
  target_product_ids text[] not null,
  issued_key text,
  disabled_at timestamptz(3),
  archived_at timestamptz(3),
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  constraint discounts_pkey primary key (store_id, id),
  constraint discounts_method_check check (method in ('CODE', 'AUTOMATIC')),
  constraint discounts_kind_check check (kind in ('PERCENTAGE', 'FIXED_AMOUNT', 'FREE_SHIPPING')),
  constraint discounts_applies_to_check check (applies_to in ('LINE', 'ORDER', 'SHIPPING')),
  constraint discounts_shipping_check check ((kind = 'FREE_SHIPPING') = (applies_to = 'SHIPPING')),
  constraint discounts_basis_points_check check ((kind = 'PERCENTAGE') = (basis_points is not null) and basis_points between 1 and 10000),
  constraint discounts_lines_check check (
    applies_to = 'LINE' or not once_per_order and cardinality(target_skus) = 0 and cardinality(target_product_ids) = 0
  ),
  constraint discounts_minimum_quantity_check check (minimum_quantity > 0),
  constraint discounts_dates_check check (ends_at > starts_at),
  constraint discounts_usage_limit_check check (usage_limit > 0),
  constraint discounts_customer_limit_check check (customer_limit > 0),
  -- Never more uses than allowed, whatever runs at the same time.
  constraint discounts_used_check check (used >= 0 and used <= coalesce(usage_limit, used)),
  constraint discounts_combines_with_check check (combines_with <@ array['LINE', 'ORDER', 'SHIPPING'])
);
-- Answers the list, newest first.
create index discounts_created_index on orders.discounts (store_id, created_at, id);
-- What every evaluation reads.
create index discounts_automatic_index on orders.discounts (store_id, priority, id)
  where method = 'AUTOMATIC' and disabled_at is null and archived_at is null;
-- One discount for all codes that a domain asks for on the same terms.
create unique index discounts_issued_key on orders.discounts (store_id, issued_key) where archived_at is null;
alter table orders.discounts enable row level security;
alter table orders.discounts force row level security;
create policy store_isolation on orders.discounts for all
  using (store_id = nullif(current_setting('app.store_id', true), '')::uuid and current_setting('app.kind', true) in ('STAFF', 'API_KEY', 'PLATFORM', 'SYSTEM'))
  with check (store_id = nullif(current_setting('app.store_id', true), '')::uuid and current_setting('app.kind', true) in ('STAFF', 'API_KEY', 'PLATFORM', 'SYSTEM'));
revoke delete on orders.discounts from :"app";

-- What a discount is worth and asks for, by currency. One with rows here is given in these currencies alone.
create table orders.discount_amounts (
  store_id uuid not null,
  discount_id uuid not null,
  currency text not null,
  amount bigint,
  minimum_subtotal bigint,
  maximum bigint,
  constraint discount_amounts_pkey primary key (store_id, discount_id, currency),
  constraint discount_amounts_discount_fkey foreign key (store_id, discount_id) references orders.discounts (store_id, id),
  constraint discount_amounts_currency_check check (currency ~ '^[A-Z]{3}$'),
  constraint discount_amounts_amount_check check (amount > 0),
  constraint discount_amounts_minimum_subtotal_check check (minimum_subtotal > 0),
  constraint discount_amounts_maximum_check check (maximum > 0)
);
alter table orders.discount_amounts enable row level security;
alter table orders.discount_amounts force row level security;
create policy store_isolation on orders.discount_amounts for all
  using (store_id = nullif(current_setting('app.store_id', true), '')::uuid and current_setting('app.kind', true) in ('STAFF', 'API_KEY', 'PLATFORM', 'SYSTEM'))
  with check (store_id = nullif(current_setting('app.store_id', true), '')::uuid and current_setting('app.kind', true) in ('STAFF', 'API_KEY', 'PLATFORM', 'SYSTEM'));

create table orders.discount_code_batches (
  store_id uuid not null,
  id uuid not null,
  discount_id uuid not null,
  prefix text,
  length integer not null,
  count integer not null,
  usage_limit integer,
  ends_at timestamptz(3),
  created_at timestamptz(3) not null default now(),
  constraint discount_code_batches_pkey primary key (store_id, id),
  constraint discount_code_batches_discount_fkey foreign key (store_id, discount_id) references orders.discounts (store_id, id),
  constraint discount_code_batches_length_check check (length between 4 and 32),
  constraint discount_code_batches_count_check check (count between 1 and 10000)
);
create index discount_code_batches_discount_index on orders.discount_code_batches (store_id, discount_id, id);
alter table orders.discount_code_batches enable row level security;
alter table orders.discount_code_batches force row level security;
create policy store_isolation on orders.discount_code_batches for all
  using (store_id = nullif(current_setting('app.store_id', true), '')::uuid and current_setting('app.kind', true) in ('STAFF', 'API_KEY', 'PLATFORM', 'SYSTEM'))
  with check (store_id = nullif(current_setting('app.store_id', true), '')::uuid and current_setting('app.kind', true) in ('STAFF', 'API_KEY', 'PLATFORM', 'SYSTEM'));
revoke update, delete on orders.discount_code_batches from :"app";

create table orders.discount_codes (
  store_id uuid not null,
  id uuid not null,
  discount_id uuid not null,
  batch_id uuid,
  customer_id uuid,
  code text not null,
  normalized text not null,
  usage_limit integer,
  used integer not null default 0,
  ends_at timestamptz(3),
  disabled_at timestamptz(3),
  created_at timestamptz(3) not null default now(),
  constraint discount_codes_pkey primary key (store_id, id),
  -- One code is one, however it is typed.
  constraint discount_codes_normalized_key unique (store_id, normalized),
  constraint discount_codes_discount_fkey foreign key (store_id, discount_id) references orders.discounts (store_id, id),
  constraint discount_codes_batch_fkey foreign key (store_id, batch_id) references orders.discount_code_batches (store_id, id),
  constraint discount_codes_usage_limit_check check (usage_limit > 0),
  -- Never more uses than allowed, whatever runs at the same time.
  constraint discount_codes_used_check check (used >= 0 and used <= coalesce(usage_limit, used))
);
create index discount_codes_discount_index on orders.discount_codes (store_id, discount_id, id);
create index discount_codes_batch_index on orders.discount_codes (store_id, batch_id, id) where batch_id is not null;
create index discount_codes_customer_index on orders.discount_codes (store_id, customer_id) where customer_id is not null;
alter table orders.discount_codes enable row level security;
alter table orders.discount_codes force row level security;
create policy store_isolation on orders.discount_codes for all
  using (store_id = nullif(current_setting('app.store_id', true), '')::uuid and current_setting('app.kind', true) in ('STAFF', 'API_KEY', 'PLATFORM', 'SYSTEM'))
  with check (store_id = nullif(current_setting('app.store_id', true), '')::uuid and current_setting('app.kind', true) in ('STAFF', 'API_KEY', 'PLATFORM', 'SYSTEM'));
revoke delete on orders.discount_codes from :"app";
