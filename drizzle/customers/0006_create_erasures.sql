-- That somebody was erased, for what reason and at whose word, and what each domain says has gone and has stayed. Nothing here is personal.
create table customers.erasures (
  store_id uuid not null,
  id uuid not null,
  customer_id uuid not null,
  reason text not null,
  status text not null,
  requested_at timestamptz(3) not null,
  requested_by_kind text not null,
  requested_by_id text,
  completed_at timestamptz(3),
  constraint erasures_pkey primary key (store_id, id),
  constraint erasures_customer_fkey foreign key (store_id, customer_id) references customers.customers (store_id, id),
  constraint erasures_customer_key unique (store_id, customer_id),
  constraint erasures_reason_check check (
    reason in ('REQUESTED_BY_CUSTOMER', 'CONSENT_WITHDRAWN', 'NO_LONGER_NEEDED', 'UNLAWFULLY_PROCESSED', 'LEGAL_OBLIGATION')
  ),
  constraint erasures_status_check check (status in ('PENDING', 'COMPLETED')),
  constraint erasures_completed_check check ((status = 'COMPLETED') = (completed_at is not null))
);
create index erasures_requested_index on customers.erasures (store_id, requested_at desc, id desc);
create index erasures_status_index on customers.erasures (store_id, status, requested_at desc, id desc);
alter table customers.erasures enable row level security;
alter table customers.erasures force row level security;
create policy store_isolation on customers.erasures for all
  using (store_id = nullif(current_setting('app.store_id', true), '')::uuid and current_setting('app.kind', true) in ('STAFF', 'API_KEY', 'PLATFORM', 'SYSTEM'))
  with check (store_id = nullif(current_setting('app.store_id', true), '')::uuid and current_setting('app.kind', true) in ('STAFF', 'API_KEY', 'PLATFORM', 'SYSTEM'));
revoke delete on customers.erasures from :"app";

-- What one domain has to say about one erasure. Without `done_at` its answer is awaited.
create table customers.erasure_parts (
  store_id uuid not null,
  erasure_id uuid not null,
  domain text not null,
  done_at timestamptz(3),
  -- [{ what, count }]
  erased jsonb not null default '[]',
  -- [{ what, count, reason }]
  kept jsonb not null default '[]',
  constraint erasure_parts_pkey primary key (store_id, erasure_id, domain),
  constraint erasure_parts_erasure_fkey foreign key (store_id, erasure_id) references customers.erasures (store_id, id)
);
alter table customers.erasure_parts enable row level security;
alter table customers.erasure_parts force row level security;
create policy store_isolation on customers.erasure_parts for all
  using (store_id = nullif(current_setting('app.store_id', true), '')::uuid and current_setting('app.kind', true) in ('STAFF', 'API_KEY', 'PLATFORM', 'SYSTEM'))
  with check (store_id = nullif(current_setting('app.store_id', true), '')::uuid and current_setting('app.kind', true) in ('STAFF', 'API_KEY', 'PLATFORM', 'SYSTEM'));
revoke delete on customers.erasure_parts from :"app";

-- Files that were made from what is erased go with it.
grant delete on customers.exports to :"app";
