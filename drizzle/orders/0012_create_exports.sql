-- Lists that are written to files: see packages/exports.
create table orders.exports (
  store_id uuid not null,
  id uuid not null,
  kind text not null,
  status text not null,
  filter jsonb not null,
  total integer,
  done integer not null,
  cursor text,
  chunks integer not null,
  bytes bigint not null,
  finished_at timestamptz(3),
  expires_at timestamptz(3) not null,
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  constraint exports_pkey primary key (store_id, id),
  constraint exports_status_check check (status in ('PENDING', 'RUNNING', 'DONE', 'FAILED')),
  constraint exports_finished_check check ((status in ('DONE', 'FAILED')) = (finished_at is not null)),
  constraint exports_progress_check check (done >= 0 and chunks >= 0 and bytes >= 0 and done <= total)
);
create index exports_created_index on orders.exports (store_id, kind, created_at, id);
create index exports_expiry_index on orders.exports (expires_at);
create index exports_unfinished_index on orders.exports (updated_at) where status in ('PENDING', 'RUNNING');
alter table orders.exports enable row level security;
alter table orders.exports force row level security;
create policy store_isolation on orders.exports for all
  using (store_id = nullif(current_setting('app.store_id', true), '')::uuid and current_setting('app.kind', true) in ('STAFF', 'API_KEY', 'PLATFORM', 'SYSTEM'))
  with check (store_id = nullif(current_setting('app.store_id', true), '')::uuid and current_setting('app.kind', true) in ('STAFF', 'API_KEY', 'PLATFORM', 'SYSTEM'));
create policy sweep on orders.exports for all to :"system" using (true) with check (true);
revoke delete on orders.exports from :"app";

-- What is written of an export, in the order of the file. Goes with it.
create table orders.export_chunks (
  store_id uuid not null,
  export_id uuid not null,
  position integer not null,
  content text not null,
  constraint export_chunks_pkey primary key (store_id, export_id, position),
  constraint export_chunks_export_fkey foreign key (store_id, export_id) references orders.exports (store_id, id) on delete cascade
);
alter table orders.export_chunks enable row level security;
alter table orders.export_chunks force row level security;
create policy store_isolation on orders.export_chunks for all
  using (store_id = nullif(current_setting('app.store_id', true), '')::uuid and current_setting('app.kind', true) in ('STAFF', 'API_KEY', 'PLATFORM', 'SYSTEM'))
  with check (store_id = nullif(current_setting('app.store_id', true), '')::uuid and current_setting('app.kind', true) in ('STAFF', 'API_KEY', 'PLATFORM', 'SYSTEM'));
revoke update, delete on orders.export_chunks from :"app";
