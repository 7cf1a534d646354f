-- Files of customers that are read in. The text stands here while it is read, and no longer.
create table customers.customer_imports (
  store_id uuid not null,
  id uuid not null,
  status text not null,
  on_existing text not null,
  -- Only says what would happen.
  dry_run boolean not null,
  content text,
  -- Rows of the file that have been read, its header left aside: where the next batch begins.
  rows_read integer not null default 0,
  created integer not null default 0,
  updated integer not null default 0,
  skipped integer not null default 0,
  rejected integer not null default 0,
  -- Why the file as a whole could not be read.
  failure text,
  finished_at timestamptz(3),
  expires_at timestamptz(3) not null,
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  constraint customer_imports_pkey primary key (store_id, id),
  constraint customer_imports_status_check check (status in ('AWAITING_FILE', 'PENDING', 'RUNNING', 'DONE', 'FAILED')),
  constraint customer_imports_existing_check check (on_existing in ('UPDATE', 'SKIP')),
  constraint customer_imports_content_check check ((content is not null) = (status in ('PENDING', 'RUNNING'))),
  constraint customer_imports_finished_check check ((status in ('DONE', 'FAILED')) = (finished_at is not null)),
  constraint customer_imports_sum_check check (created + updated + skipped + rejected = rows_read)
);
create index customer_imports_created_index on customers.customer_imports (store_id, created_at desc, id desc);
create index customer_imports_expiry_index on customers.customer_imports (expires_at);
alter table customers.customer_imports enable row level security;
alter table customers.customer_imports force row level security;
create policy store_isolation on customers.customer_imports for all
  using (store_id = nullif(current_setting('app.store_id', true), '')::uuid and current_setting('app.kind', true) in ('STAFF', 'API_KEY', 'PLATFORM', 'SYSTEM'))
  with check (store_id = nullif(current_setting('app.store_id', true), '')::uuid and current_setting('app.kind', true) in ('STAFF', 'API_KEY', 'PLATFORM', 'SYSTEM'));
create policy sweep on customers.customer_imports for all to :"system" using (true) with check (true);
revoke delete on customers.customer_imports from :"app";

-- Rows that were not taken, by their place in the file and nothing of what they said.
create table customers.customer_import_rejections (
  store_id uuid not null,
  import_id uuid not null,
  line integer not null,
  position integer not null,
  code text not null,
  column_name text,
  message text not null,
  constraint customer_import_rejections_pkey primary key (store_id, import_id, line, position),
  constraint customer_import_rejections_import_fkey foreign key (store_id, import_id) references customers.customer_imports (store_id, id) on delete cascade
);
alter table customers.customer_import_rejections enable row level security;
alter table customers.customer_import_rejections force row level security;
create policy store_isolation on customers.customer_import_rejections for all
  using (store_id = nullif(current_setting('app.store_id', true), '')::uuid and current_setting('app.kind', true) in ('STAFF', 'API_KEY', 'PLATFORM', 'SYSTEM'))
  with check (store_id = nullif(current_setting('app.store_id', true), '')::uuid and current_setting('app.kind', true) in ('STAFF', 'API_KEY', 'PLATFORM', 'SYSTEM'));
revoke update, delete on customers.customer_import_rejections from :"app";
