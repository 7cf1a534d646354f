-- What this domain keeps of each store: the last customer number given out, and the country that national phone numbers are read in.
create table customers.stores (
  store_id uuid not null,
  last_number integer not null default 0,
  country text,
  constraint stores_pkey primary key (store_id),
  constraint stores_last_number_check check (last_number >= 0)
);
alter table customers.stores enable row level security;
alter table customers.stores force row level security;
create policy store_isolation on customers.stores for all
  using (store_id = nullif(current_setting('app.store_id', true), '')::uuid and current_setting('app.kind', true) in ('STAFF', 'API_KEY', 'PLATFORM', 'SYSTEM'))
  with check (store_id = nullif(current_setting('app.store_id', true), '')::uuid and current_setting('app.kind', true) in ('STAFF', 'API_KEY', 'PLATFORM', 'SYSTEM'));

create table customers.customers (
  store_id uuid not null,
  id uuid not null,
  number integer not null,
  first_name text,
  last_name text,
  -- The words of the name in lower case without accents, each between spaces (' anna papadopoulou '), so that a pattern can say where a word begins.
  search_name text not null default '',
  language text,
  timezone text,
  birth_date date,
  gender text,
  country text,
  status text not null default 'ACTIVE',
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  constraint customers_pkey primary key (store_id, id),
  constraint customers_number_key unique (store_id, number),
  constraint customers_number_check check (number > 0),
  constraint customers_status_check check (status in ('ACTIVE', 'DISABLED')),
  constraint customers_gender_check check (gender in ('FEMALE', 'MALE', 'OTHER')),
  constraint customers_search_name_check check (search_name = '' or search_name like ' _% ')
);
create index customers_created_index on customers.customers (store_id, created_at desc, id desc);
create index customers_status_index on customers.customers (store_id, status, created_at desc, id desc);
create index customers_name_index on customers.customers using gin (store_id, search_name extensions.gin_trgm_ops) with (fastupdate = off) where search_name <> '';
alter table customers.customers enable row level security;
alter table customers.customers force row level security;
create policy store_isolation on customers.customers for all
  using (store_id = nullif(current_setting('app.store_id', true), '')::uuid and current_setting('app.kind', true) in ('STAFF', 'API_KEY', 'PLATFORM', 'SYSTEM'))
  with check (store_id = nullif(current_setting('app.store_id', true), '')::uuid and current_setting('app.kind', true) in ('STAFF', 'API_KEY', 'PLATFORM', 'SYSTEM'));
create policy customer_own on customers.customers for select
  using (store_id = nullif(current_setting('app.store_id', true), '')::uuid and current_setting('app.kind', true) = 'CUSTOMER' and id = nullif(current_setting('app.customer_id', true), '')::uuid);

create table customers.addresses (
  store_id uuid not null,
  id uuid not null,
  customer_id uuid not null,
  label text,
  first_name text,
  last_name text,
  company text,
  line1 text not null,
  line2 text,
  city text,
  region text,
  postal_code text,
  country text not null,
  phone text,
  default_billing boolean not null default false,
  default_shipping boolean not null default false,
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  constraint addresses_pkey primary key (store_id, id),
  constraint addresses_customer_fkey foreign key (store_id, customer_id) references customers.customers (store_id, id) on delete cascade
);
create index addresses_customer_index on customers.addresses (store_id, customer_id);
create unique index addresses_default_billing_key on customers.addresses (store_id, customer_id) where default_billing;
create unique index addresses_default_shipping_key on customers.addresses (store_id, customer_id) where default_shipping;
alter table customers.addresses enable row level security;
alter table customers.addresses force row level security;
create policy store_isolation on customers.addresses for all
  using (store_id = nullif(current_setting('app.store_id', true), '')::uuid and current_setting('app.kind', true) in ('STAFF', 'API_KEY', 'PLATFORM', 'SYSTEM'))
  with check (store_id = nullif(current_setting('app.store_id', true), '')::uuid and current_setting('app.kind', true) in ('STAFF', 'API_KEY', 'PLATFORM', 'SYSTEM'));
create policy customer_own on customers.addresses for select
  using (store_id = nullif(current_setting('app.store_id', true), '')::uuid and current_setting('app.kind', true) = 'CUSTOMER' and customer_id = nullif(current_setting('app.customer_id', true), '')::uuid);

create table customers.contact_points (
  store_id uuid not null,
  id uuid not null,
  customer_id uuid not null,
  channel text not null,
  -- Which system an external id belongs to; empty for every other channel and for ids of no named system.
  source text not null default '',
  address text not null,
  display text not null,
  search_key text not null,
  is_primary boolean not null default false,
  verified_at timestamptz(3),
  created_at timestamptz(3) not null default now(),
  constraint contact_points_pkey primary key (store_id, id),
  constraint contact_points_customer_fkey foreign key (store_id, customer_id) references customers.customers (store_id, id) on delete cascade,
  constraint contact_points_address_key unique (store_id, channel, source, address),
  constraint contact_points_channel_check check (channel in ('EMAIL', 'PHONE', 'WHATSAPP', 'EXTERNAL')),
  constraint contact_points_source_check check (source = '' or channel = 'EXTERNAL')
);
create index contact_points_customer_index on customers.contact_points (store_id, customer_id);
create unique index contact_points_primary_key on customers.contact_points (store_id, customer_id, channel) where is_primary;
create index contact_points_search_index on customers.contact_points (store_id, search_key text_pattern_ops);
-- Finds a phone number by its last digits, however its beginning was written.
create index contact_points_phone_end_index on customers.contact_points (store_id, reverse(address) text_pattern_ops) where channel in ('PHONE', 'WHATSAPP');
alter table customers.contact_points enable row level security;
alter table customers.contact_points force row level security;
create policy store_isolation on customers.contact_points for all
  using (store_id = nullif(current_setting('app.store_id', true), '')::uuid and current_setting('app.kind', true) in ('STAFF', 'API_KEY', 'PLATFORM', 'SYSTEM'))
  with check (store_id = nullif(current_setting('app.store_id', true), '')::uuid and current_setting('app.kind', true) in ('STAFF', 'API_KEY', 'PLATFORM', 'SYSTEM'));
create policy customer_own on customers.contact_points for select
  using (store_id = nullif(current_setting('app.store_id', true), '')::uuid and current_setting('app.kind', true) = 'CUSTOMER' and customer_id = nullif(current_setting('app.customer_id', true), '')::uuid);
