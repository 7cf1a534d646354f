-- What platform staff see across stores, and how they come to act in one.

-- Their stays in a store: why, and until when. The store's own log tells of each.
create table accounts.platform_entries (
  store_id uuid not null,
  id uuid not null,
  user_id uuid not null,
  session_id uuid not null,
  reason text not null,
  entered_at timestamptz(3) not null,
  expires_at timestamptz(3) not null,
  left_at timestamptz(3),
  primary key (store_id, id),
  constraint platform_entries_end check (expires_at > entered_at)
);
create index platform_entries_of_session on accounts.platform_entries (store_id, session_id, expires_at);
alter table accounts.platform_entries enable row level security;
alter table accounts.platform_entries force row level security;
create policy store_isolation on accounts.platform_entries for all
  using (store_id = nullif(current_setting('app.store_id', true), '')::uuid and current_setting('app.kind', true) in ('STAFF', 'API_KEY', 'PLATFORM', 'SYSTEM'))
  with check (store_id = nullif(current_setting('app.store_id', true), '')::uuid and current_setting('app.kind', true) in ('STAFF', 'API_KEY', 'PLATFORM', 'SYSTEM'));
create policy lookup on accounts.platform_entries for select to :"lookup" using (true);
revoke update, delete on accounts.platform_entries from :"app";
grant update (left_at) on accounts.platform_entries to :"app";
grant select on accounts.platform_entries to :"lookup";

-- What an access token of platform staff for one store is still good for: the session, the person, and the last end of a stay in that store.
create function accounts.platform_access(session uuid, person uuid, store uuid)
returns table (expires_at timestamptz, revoked_at timestamptz, active boolean, platform_staff boolean, entry_expires_at timestamptz)
language sql stable security definer set search_path = pg_catalog, pg_temp
as $$
  select s.expires_at, s.revoked_at, u.active,
    exists (select from accounts.platform_staff p where p.user_id = u.user_id),
    (select max(e.expires_at) from accounts.platform_entries e
     where e.store_id = store and e.session_id = s.id and e.user_id = s.user_id and e.left_at is null)
  from accounts.sessions s join accounts.users u on u.user_id = s.user_id
  where s.id = session and s.user_id = person
$$;

create index stores_of_platform on accounts.stores (created_at desc, id desc);
create index stores_by_status on accounts.stores (status, created_at desc, id desc);
create index stores_by_country on accounts.stores (country, created_at desc, id desc);
create index stores_by_words on accounts.stores using gin (lower(name || ' ' || slug || ' ' || coalesce(domain, '')) extensions.gin_trgm_ops);

-- A page of all stores for platform staff, the newest first: null stands for no condition. `words` is a LIKE pattern in lower case.
create function accounts.platform_stores(statuses text[], countries text[], words text, before_at timestamptz, before_id uuid, size integer)
returns setof accounts.stores
language sql stable security definer rows 100 set search_path = pg_catalog, extensions, pg_temp
-- A condition that is not given must not stand in the way of an index.
set plan_cache_mode = force_custom_plan
as $$
  select s.* from accounts.stores s
  where current_setting('app.kind', true) = 'PLATFORM'
    and (statuses is null or s.status = any (statuses))
    and (countries is null or s.country = any (countries))
    and (words is null or lower(s.name || ' ' || s.slug || ' ' || coalesce(s.domain, '')) like words)
    and (before_at is null or (s.created_at, s.id) < (before_at, before_id))
  order by s.created_at desc, s.id desc
  limit least(size, 101)
$$;

create function accounts.platform_store_count(statuses text[], countries text[], words text)
returns bigint
language sql stable security definer set search_path = pg_catalog, extensions, pg_temp
set plan_cache_mode = force_custom_plan
as $$
  select count(*) from accounts.stores s
  where current_setting('app.kind', true) = 'PLATFORM'
    and (statuses is null or s.status = any (statuses))
    and (countries is null or s.country = any (countries))
    and (words is null or lower(s.name || ' ' || s.slug || ' ' || coalesce(s.domain, '')) like words)
$$;

create function accounts.platform_stores_by_id(ids uuid[])
returns setof accounts.stores
language sql stable security definer rows 100 set search_path = pg_catalog, pg_temp
as $$
  select s.* from accounts.stores s where current_setting('app.kind', true) = 'PLATFORM' and s.store_id = any (ids) and s.id = s.store_id
$$;

-- Platform staff come and go by the operator's hand: these are for the role of sweeps, which no request can take.
create policy lookup_insert on accounts.platform_staff for insert to :"lookup" with check (true);
create policy lookup_delete on accounts.platform_staff for delete to :"lookup" using (true);
grant insert, delete on accounts.platform_staff to :"lookup";

-- Gives the user with that address, or nothing where there is none.
create function accounts.platform_staff_add(address text)
returns table (user_id uuid)
language sql volatile security definer set search_path = pg_catalog, pg_temp
as $$
  insert into accounts.platform_staff (user_id) select u.user_id from accounts.users u where u.email = address and u.active
  on conflict (user_id) do nothing;
  select p.user_id from accounts.platform_staff p join accounts.users u on u.user_id = p.user_id where u.email = address
$$;

create function accounts.platform_staff_remove(address text)
returns table (user_id uuid)
language sql volatile security definer set search_path = pg_catalog, pg_temp
as $$
  delete from accounts.platform_staff p using accounts.users u where u.user_id = p.user_id and u.email = address returning p.user_id
$$;

create function accounts.platform_staff_list()
returns table (email text, granted_at timestamptz)
language sql stable security definer set search_path = pg_catalog, pg_temp
as $$
  select u.email, p.granted_at from accounts.platform_staff p join accounts.users u on u.user_id = p.user_id order by u.email
$$;

alter function accounts.platform_access(uuid, uuid, uuid) owner to :"lookup";
alter function accounts.platform_stores(text[], text[], text, timestamptz, uuid, integer) owner to :"lookup";
alter function accounts.platform_store_count(text[], text[], text) owner to :"lookup";
alter function accounts.platform_stores_by_id(uuid[]) owner to :"lookup";
alter function accounts.platform_staff_add(text) owner to :"lookup";
alter function accounts.platform_staff_remove(text) owner to :"lookup";
alter function accounts.platform_staff_list() owner to :"lookup";
revoke all on function
  accounts.platform_access(uuid, uuid, uuid),
  accounts.platform_stores(text[], text[], text, timestamptz, uuid, integer),
  accounts.platform_store_count(text[], text[], text),
  accounts.platform_stores_by_id(uuid[]),
  accounts.platform_staff_add(text),
  accounts.platform_staff_remove(text),
  accounts.platform_staff_list()
  from public, :"app", :"system";
grant execute on function
  accounts.platform_access(uuid, uuid, uuid),
  accounts.platform_stores(text[], text[], text, timestamptz, uuid, integer),
  accounts.platform_store_count(text[], text[], text),
  accounts.platform_stores_by_id(uuid[])
  to :"app";
grant execute on function accounts.platform_staff_add(text), accounts.platform_staff_remove(text), accounts.platform_staff_list() to :"system";
