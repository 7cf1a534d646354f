-- A customer who has been merged into another one stays as an entry that leads there, so that its id and its number answer for good. What has been erased stays
-- as an id and a number.
alter table customers.customers
  add column merged_into_id uuid,
  add column erased_at timestamptz(3),
  add constraint customers_merged_into_fkey foreign key (store_id, merged_into_id) references customers.customers (store_id, id),
  add constraint customers_merged_into_check check (merged_into_id <> id),
  -- The last line of an erasure: whatever is written to the row later, nothing personal comes back.
  add constraint customers_erased_check check (
    erased_at is null or (
      first_name is null and last_name is null and search_name = '' and language is null and timezone is null and birth_date is null and gender is null
      and country is null and note is null and metadata = '{}' and status = 'DISABLED'
    )
  );
create index customers_merged_into_index on customers.customers (store_id, merged_into_id) where merged_into_id is not null;

create table customers.merges (
  store_id uuid not null,
  id uuid not null,
  survivor_id uuid not null,
  merged_id uuid not null,
  -- What it takes to undo the merge: rows as they were. Personal, so it goes with the undoing, and with an erasure.
  snapshot jsonb,
  merged_at timestamptz(3) not null,
  merged_by_kind text not null,
  merged_by_id text,
  undone_at timestamptz(3),
  undone_by_kind text,
  undone_by_id text,
  constraint merges_pkey primary key (store_id, id),
  constraint merges_survivor_fkey foreign key (store_id, survivor_id) references customers.customers (store_id, id),
  constraint merges_merged_fkey foreign key (store_id, merged_id) references customers.customers (store_id, id),
  constraint merges_other_check check (survivor_id <> merged_id),
  constraint merges_undone_check check ((undone_at is null) = (undone_by_kind is null)),
  constraint merges_snapshot_check check (undone_at is null or snapshot is null)
);
-- A customer is merged into one other at a time.
create unique index merges_standing_key on customers.merges (store_id, merged_id) where undone_at is null;
create index merges_survivor_index on customers.merges (store_id, survivor_id, merged_at desc, id desc);
alter table customers.merges enable row level security;
alter table customers.merges force row level security;
create policy store_isolation on customers.merges for all
  using (store_id = nullif(current_setting('app.store_id', true), '')::uuid and current_setting('app.kind', true) in ('STAFF', 'API_KEY', 'PLATFORM', 'SYSTEM'))
  with check (store_id = nullif(current_setting('app.store_id', true), '')::uuid and current_setting('app.kind', true) in ('STAFF', 'API_KEY', 'PLATFORM', 'SYSTEM'));
revoke delete on customers.merges from :"app";
