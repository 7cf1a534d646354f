-- Customers who are found to be one: whatever hangs on the merged one's id hangs on the survivor's, also what comes under the old id later; and it can be taken back.
alter table orders.known_customers
  -- The customer whose this id is now.
  add column merged_into_id uuid,
  -- Since when nothing may be written about this customer any more.
  add column erased_at timestamptz(3);
create index known_customers_merged_index on orders.known_customers (store_id, merged_into_id, id) where merged_into_id is not null;

-- The merges that have been followed: one that was taken back is not followed again by a replay.
create table orders.known_merges (
  store_id uuid not null,
  id uuid not null,
  undone boolean not null default false,
  constraint known_merges_pkey primary key (store_id, id)
);
alter table orders.known_merges enable row level security;
alter table orders.known_merges force row level security;
create policy store_isolation on orders.known_merges for all
  using (store_id = nullif(current_setting('app.store_id', true), '')::uuid and current_setting('app.kind', true) in ('STAFF', 'API_KEY', 'PLATFORM', 'SYSTEM'))
  with check (store_id = nullif(current_setting('app.store_id', true), '')::uuid and current_setting('app.kind', true) in ('STAFF', 'API_KEY', 'PLATFORM', 'SYSTEM'));

-- Rows that a merge has moved, each with the customer whose it was at first. Wherever merges lead, and whichever is taken back first, a row is with whoever
-- that customer is now. Rows that hang on another one go where that goes.
create table orders.customer_moves (
  store_id uuid not null,
  relation text not null,
  row_id uuid not null,
  home_id uuid not null,
  constraint customer_moves_pkey primary key (store_id, relation, row_id)
);
create index customer_moves_home_index on orders.customer_moves (store_id, home_id);
alter table orders.customer_moves enable row level security;
alter table orders.customer_moves force row level security;
create policy store_isolation on orders.customer_moves for all
  using (store_id = nullif(current_setting('app.store_id', true), '')::uuid and current_setting('app.kind', true) in ('STAFF', 'API_KEY', 'PLATFORM', 'SYSTEM'))
  with check (store_id = nullif(current_setting('app.store_id', true), '')::uuid and current_setting('app.kind', true) in ('STAFF', 'API_KEY', 'PLATFORM', 'SYSTEM'));

-- Who a customer is now: itself, or the end of its merges.
create function orders.current_customer(store uuid, customer uuid) returns uuid
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
declare
  at uuid := customer;
  next uuid;
begin
  loop
    select k.merged_into_id into next from orders.known_customers k where k.store_id = store and k.id = at;
    exit when next is null;
    at := next;
  end loop;
  return at;
end
$$;
revoke all on function orders.current_customer(uuid, uuid) from public;
grant execute on function orders.current_customer(uuid, uuid) to :"app";

-- What is written under the id of a merged customer is the survivor's from the start. Before the row is there, so that whoever writes it is told.
create function orders.forward_customer() returns trigger
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
  new.customer_id := orders.current_customer(new.store_id, new.customer_id);
  return new;
end
$$;

-- The same for rows that come by the thousand: once for all rows of a statement.
create function orders.forward_customers() returns trigger
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
  if exists (
    select from fresh f join orders.known_customers k on k.store_id = f.store_id and k.id = f.customer_id and k.merged_into_id is not null
  ) then
    execute format(
      'update %I.%I as row set customer_id = orders.current_customer(row.store_id, row.customer_id) from fresh f where row.store_id = f.store_id and row.id = f.id and row.customer_id is not null',
      tg_table_schema, tg_table_name
    );
  end if;
  return null;
end
$$;
revoke all on function orders.forward_customer(), orders.forward_customers() from public;

-- Every table with a customer: rows that need another one with a customer go by the statement, all others one by one. A table that comes later gets its own.
do $$
declare
  relation record;
begin
  for relation in
    select c.relname as name, exists (
      select from pg_constraint k
        join pg_attribute own on own.attrelid = k.conrelid and own.attnum = any (k.conkey) and own.attname <> 'store_id' and own.attnotnull
        join pg_attribute theirs on theirs.attrelid = k.confrelid and theirs.attname = 'customer_id'
      where k.contype = 'f' and k.conrelid = c.oid and k.confrelid <> c.oid
    ) as hangs
    from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'customer_id' and not a.attisdropped
    where c.relnamespace = 'orders'::regnamespace and c.relkind = 'r'
  loop
    -- Append-only tables are so for everything else.
    execute format('grant update (customer_id) on orders.%I to :"app"', relation.name);
    if relation.hangs then
      execute format('create trigger forward_customers after insert on orders.%I referencing new table as fresh for each statement execute function orders.forward_customers()', relation.name);
    else
      execute format('create trigger forward_customer before insert or update of customer_id on orders.%I for each row when (new.customer_id is not null) execute function orders.forward_customer()', relation.name);
    end if;
  end loop;
end $$;
