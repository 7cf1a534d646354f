-- What an order took of a discount. Given back at most once: released_at is set from null alone.
create table orders.discount_redemptions (
  store_id uuid not null,
  id uuid not null,
  order_id uuid not null,
  discount_id uuid not null,
  code_id uuid,
  customer_id uuid,
  label text not null,
  code text,
  currency text not null,
  amount bigint not null,
  shipping bigint not null,
  redeemed_at timestamptz(3) not null,
  released_at timestamptz(3),
  constraint discount_redemptions_pkey primary key (store_id, id),
  -- An order takes a discount once; an automatic one has no code.
  constraint discount_redemptions_order_key unique nulls not distinct (store_id, order_id, discount_id, code_id),
  -- At the commit, so that an order may take its discounts before its row is written.
  constraint discount_redemptions_order_fkey foreign key (store_id, order_id) references orders.orders (store_id, id) deferrable initially deferred,
  constraint discount_redemptions_discount_fkey foreign key (store_id, discount_id) references orders.discounts (store_id, id),
  constraint discount_redemptions_code_fkey foreign key (store_id, code_id) references orders.discount_codes (store_id, id),
  constraint discount_redemptions_currency_check check (currency ~ '^[A-Z]{3}$'),
  constraint discount_redemptions_amount_check check (amount > 0 and shipping between 0 and amount)
);
create index discount_redemptions_discount_index on orders.discount_redemptions (store_id, discount_id, redeemed_at, id);
create index discount_redemptions_customer_index on orders.discount_redemptions (store_id, customer_id) where customer_id is not null;
alter table orders.discount_redemptions enable row level security;
alter table orders.discount_redemptions force row level security;
create policy store_isolation on orders.discount_redemptions for all
  using (store_id = nullif(current_setting('app.store_id', true), '')::uuid and current_setting('app.kind', true) in ('STAFF', 'API_KEY', 'PLATFORM', 'SYSTEM'))
  with check (store_id = nullif(current_setting('app.store_id', true), '')::uuid and current_setting('app.kind', true) in ('STAFF', 'API_KEY', 'PLATFORM', 'SYSTEM'));
create policy customer_own on orders.discount_redemptions for select
  using (store_id = nullif(current_setting('app.store_id', true), '')::uuid and current_setting('app.kind', true) in ('CUSTOMER') and customer_id = nullif(current_setting('app.customer_id', true), '')::uuid);
revoke delete on orders.discount_redemptions from :"app";

-- How often a customer has used a discount. The limit is the discount's, copied with each use, so that the check can hold it.
create table orders.discount_customers (
  store_id uuid not null,
  discount_id uuid not null,
  customer_id uuid not null,
  usage_limit integer,
  used integer not null,
  constraint discount_customers_pkey primary key (store_id, discount_id, customer_id),
  constraint discount_customers_discount_fkey foreign key (store_id, discount_id) references orders.discounts (store_id, id),
  constraint discount_customers_used_check check (used >= 0 and used <= coalesce(usage_limit, used))
);
create index discount_customers_customer_index on orders.discount_customers (store_id, customer_id);
alter table orders.discount_customers enable row level security;
alter table orders.discount_customers force row level security;
create policy store_isolation on orders.discount_customers for all
  using (store_id = nullif(current_setting('app.store_id', true), '')::uuid and current_setting('app.kind', true) in ('STAFF', 'API_KEY', 'PLATFORM', 'SYSTEM'))
  with check (store_id = nullif(current_setting('app.store_id', true), '')::uuid and current_setting('app.kind', true) in ('STAFF', 'API_KEY', 'PLATFORM', 'SYSTEM'));

-- How many codes that are not theirs a shopper has tried lately.
create table orders.discount_guesses (
  store_id uuid not null,
  guesser text not null,
  since timestamptz(3) not null,
  misses integer not null,
  constraint discount_guesses_pkey primary key (store_id, guesser),
  constraint discount_guesses_misses_check check (misses > 0)
);
alter table orders.discount_guesses enable row level security;
alter table orders.discount_guesses force row level security;
create policy store_isolation on orders.discount_guesses for all
  using (store_id = nullif(current_setting('app.store_id', true), '')::uuid and current_setting('app.kind', true) in ('STAFF', 'API_KEY', 'PLATFORM', 'SYSTEM'))
  with check (store_id = nullif(current_setting('app.store_id', true), '')::uuid and current_setting('app.kind', true) in ('STAFF', 'API_KEY', 'PLATFORM', 'SYSTEM'));
create policy sweep on orders.discount_guesses for all to :"system" using (true) with check (true);

-- What became of the codes that other domains asked for: one answer for each key of a requester.
create table orders.discount_code_requests (
  store_id uuid not null,
  requester text not null,
  key text not null,
  discount_id uuid,
  code_id uuid,
  refusal text,
  created_at timestamptz(3) not null default now(),
  constraint discount_code_requests_pkey primary key (store_id, requester, key),
  constraint discount_code_requests_code_fkey foreign key (store_id, code_id) references orders.discount_codes (store_id, id),
  constraint discount_code_requests_answer_check check ((code_id is null) = (discount_id is null) and (code_id is null or refusal is null))
);
alter table orders.discount_code_requests enable row level security;
alter table orders.discount_code_requests force row level security;
create policy store_isolation on orders.discount_code_requests for all
  using (store_id = nullif(current_setting('app.store_id', true), '')::uuid and current_setting('app.kind', true) in ('STAFF', 'API_KEY', 'PLATFORM', 'SYSTEM'))
  with check (store_id = nullif(current_setting('app.store_id', true), '')::uuid and current_setting('app.kind', true) in ('STAFF', 'API_KEY', 'PLATFORM', 'SYSTEM'));
revoke delete on orders.discount_code_requests from :"app";
