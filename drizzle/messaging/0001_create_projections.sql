-- The store's customers, from customer.created: a conversation may name only these.
create table messaging.known_customers (
  store_id uuid not null,
  id uuid not null,
  merged_into_id uuid,
  erased_at timestamptz(3),
  constraint known_customers_pkey primary key (store_id, id)
);
alter table messaging.known_customers enable row level security;
alter table messaging.known_customers force row level security;
create policy store_isolation on messaging.known_customers for all
  using (store_id = nullif(current_setting('app.store_id', true), '')::uuid and current_setting('app.kind', true) in ('STAFF', 'API_KEY', 'PLATFORM', 'SYSTEM'))
  with check (store_id = nullif(current_setting('app.store_id', true), '')::uuid and current_setting('app.kind', true) in ('STAFF', 'API_KEY', 'PLATFORM', 'SYSTEM'));

create index known_customers_merged_index on messaging.known_customers (store_id, merged_into_id, id) where merged_into_id is not null;

-- The merges that have been followed: one that was taken back is not followed again by a replay.
create table messaging.known_merges (
  store_id uuid not null,
  id uuid not null,
  undone boolean not null default false,
  constraint known_merges_pkey primary key (store_id, id)
);
alter table messaging.known_merges enable row level security;
alter table messaging.known_merges force row level security;
create policy store_isolation on messaging.known_merges for all
  using (store_id = nullif(current_setting('app.store_id', true), '')::uuid and current_setting('app.kind', true) in ('STAFF', 'API_KEY', 'PLATFORM', 'SYSTEM'))
  with check (store_id = nullif(current_setting('app.store_id', true), '')::uuid and current_setting('app.kind', true) in ('STAFF', 'API_KEY', 'PLATFORM', 'SYSTEM'));

-- Rows that a merge has moved, each with the customer whose it was at first. Wherever merges lead, and whichever is taken back first, a row is with whoever
-- that customer is now. Rows that hang on another one go where that goes.
create table messaging.customer_moves (
  store_id uuid not null,
  relation text not null,
  row_id uuid not null,
  home_id uuid not null,
  constraint customer_moves_pkey primary key (store_id, relation, row_id)
);
create index customer_moves_home_index on messaging.customer_moves (store_id, home_id);
alter table messaging.customer_moves enable row level security;
alter table messaging.customer_moves force row level security;
create policy store_isolation on messaging.customer_moves for all
  using (store_id = nullif(current_setting('app.store_id', true), '')::uuid and current_setting('app.kind', true) in ('STAFF', 'API_KEY', 'PLATFORM', 'SYSTEM'))
  with check (store_id = nullif(current_setting('app.store_id', true), '')::uuid and current_setting('app.kind', true) in ('STAFF', 'API_KEY', 'PLATFORM', 'SYSTEM'));

-- Who a customer is now: itself, or the end of its merges.
create function messaging.current_customer(store uuid, customer uuid) returns uuid
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
declare
  at uuid := customer;
  next uuid;
begin
  loop
    select k.merged_into_id into next from messaging.known_customers k where k.store_id = store and k.id = at;
    exit when next is null;
    at := next;
  end loop;
  return at;
end
$$;
revoke all on function messaging.current_customer(uuid, uuid) from public;
grant execute on function messaging.current_customer(uuid, uuid) to :"app";

-- What is written under the id of a merged customer is the survivor's from the start. Before the row is there, so that whoever writes it is told.
create function messaging.forward_customer() returns trigger
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
  new.customer_id := messaging.current_customer(new.store_id, new.customer_id);
  return new;
end
$$;

revoke all on function messaging.forward_customer() from public;

-- The erasures that have been answered: a replay blanks once more and does not answer again.
create table messaging.customer_erasures (
  store_id uuid not null,
  id uuid not null,
  constraint customer_erasures_pkey primary key (store_id, id)
);
alter table messaging.customer_erasures enable row level security;
alter table messaging.customer_erasures force row level security;
create policy store_isolation on messaging.customer_erasures for all
  using (store_id = nullif(current_setting('app.store_id', true), '')::uuid and current_setting('app.kind', true) in ('STAFF', 'API_KEY', 'PLATFORM', 'SYSTEM'))
  with check (store_id = nullif(current_setting('app.store_id', true), '')::uuid and current_setting('app.kind', true) in ('STAFF', 'API_KEY', 'PLATFORM', 'SYSTEM'));


-- What messages take from their store: store.created, store.updated.
create table messaging.known_stores (
  store_id uuid not null,
  name text not null,
  language text not null,
  time_zone text not null,
  constraint known_stores_pkey primary key (store_id)
);
alter table messaging.known_stores enable row level security;
alter table messaging.known_stores force row level security;
create policy store_isolation on messaging.known_stores for all
  using (store_id = nullif(current_setting('app.store_id', true), '')::uuid and current_setting('app.kind', true) in ('STAFF', 'API_KEY', 'PLATFORM', 'SYSTEM'))
  with check (store_id = nullif(current_setting('app.store_id', true), '')::uuid and current_setting('app.kind', true) in ('STAFF', 'API_KEY', 'PLATFORM', 'SYSTEM'));

-- Who may be assigned a conversation or take part in one: the store's members that have not been removed.
create table messaging.known_members (
  store_id uuid not null,
  user_id uuid not null,
  active boolean not null,
  constraint known_members_pkey primary key (store_id, user_id)
);
alter table messaging.known_members enable row level security;
alter table messaging.known_members force row level security;
create policy store_isolation on messaging.known_members for all
  using (store_id = nullif(current_setting('app.store_id', true), '')::uuid and current_setting('app.kind', true) in ('STAFF', 'API_KEY', 'PLATFORM', 'SYSTEM'))
  with check (store_id = nullif(current_setting('app.store_id', true), '')::uuid and current_setting('app.kind', true) in ('STAFF', 'API_KEY', 'PLATFORM', 'SYSTEM'));
