-- What staff note about a customer, and what other systems keep with it; and what a list of names is sorted by.
alter table customers.customers
  add column note text,
  add column metadata jsonb not null default '{}',
  add column sort_name text collate "und-x-icu" not null generated always as (lower(coalesce(last_name || ' ', '') || coalesce(first_name, ''))) stored,
  add constraint customers_metadata_check check (jsonb_typeof(metadata) = 'object');
create index customers_sort_name_index on customers.customers (store_id, sort_name, id);
create index customers_updated_index on customers.customers (store_id, updated_at desc, id desc);

-- One row for each tag of a customer: equality finds those who bear it, which row-level security lets an index do, and containment in an array does not.
create table customers.customer_tags (
  store_id uuid not null,
  tag text not null,
  customer_id uuid not null,
  created_at timestamptz(3) not null default now(),
  constraint customer_tags_pkey primary key (store_id, tag, customer_id),
  constraint customer_tags_tag_check check (tag = lower(tag) and char_length(tag) between 1 and 50),
  constraint customer_tags_customer_fkey foreign key (store_id, customer_id) references customers.customers (store_id, id) on delete cascade
);
create index customer_tags_customer_index on customers.customer_tags (store_id, customer_id);
alter table customers.customer_tags enable row level security;
alter table customers.customer_tags force row level security;
create policy store_isolation on customers.customer_tags for all
  using (store_id = nullif(current_setting('app.store_id', true), '')::uuid and current_setting('app.kind', true) in ('STAFF', 'API_KEY', 'PLATFORM', 'SYSTEM'))
  with check (store_id = nullif(current_setting('app.store_id', true), '')::uuid and current_setting('app.kind', true) in ('STAFF', 'API_KEY', 'PLATFORM', 'SYSTEM'));
