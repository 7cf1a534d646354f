-- Replies that are written once and used often.
create table messaging.macros (
  store_id uuid not null,
  id uuid not null,
  title text not null,
  content text not null,
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  constraint macros_pkey primary key (store_id, id),
  constraint macros_title_key unique (store_id, title)
);
alter table messaging.macros enable row level security;
alter table messaging.macros force row level security;
create policy store_isolation on messaging.macros for all
  using (store_id = nullif(current_setting('app.store_id', true), '')::uuid and current_setting('app.kind', true) in ('STAFF', 'API_KEY', 'PLATFORM', 'SYSTEM'))
  with check (store_id = nullif(current_setting('app.store_id', true), '')::uuid and current_setting('app.kind', true) in ('STAFF', 'API_KEY', 'PLATFORM', 'SYSTEM'));
