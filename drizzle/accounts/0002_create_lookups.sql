-- The doors through row-level security, each as narrow as its use: look-ups before a tenant is known, by secret or slug; a person's own
-- memberships; the colleagues of a store; and names that are unique over all stores. Owned by the look-up role, search path fixed.

-- The user that may log in with an address. The only reader of password hashes.
create function accounts.log_in_candidate(address text)
returns table (user_id uuid, password_hash text, active boolean)
language sql stable security definer set search_path = pg_catalog, pg_temp
as $$
  select u.user_id, p.hash, u.active
  from accounts.users u left join accounts.passwords p on p.user_id = u.user_id
  where u.email = address
$$;

-- Whose refresh token this is.
create function accounts.refresh_token_owner(hash text)
returns table (token_id uuid, session_id uuid, user_id uuid)
language sql stable security definer set search_path = pg_catalog, pg_temp
as $$
  select t.id, t.session_id, t.user_id from accounts.refresh_tokens t where t.token_hash = hash
$$;

-- What a signed access token is still good for: the session, the person, and the member of the store it names.
create function accounts.session_access(session uuid, person uuid, store uuid)
returns table (expires_at timestamptz, revoked_at timestamptz, active boolean, platform_staff boolean,
  member_status text, role_key text, role_permissions text[], store_status text)
language sql stable security definer set search_path = pg_catalog, pg_temp
as $$
  select s.expires_at, s.revoked_at, u.active,
    exists (select from accounts.platform_staff p where p.user_id = u.user_id),
    m.status, r.key, r.permissions, t.status
  from accounts.sessions s
  join accounts.users u on u.user_id = s.user_id
  left join accounts.members m on m.store_id = store and m.user_id = u.user_id
  left join accounts.roles r on r.store_id = m.store_id and r.id = m.role_id
  left join accounts.stores t on t.store_id = m.store_id
  where s.id = session and s.user_id = person
$$;

-- The API key with this secret.
create function accounts.api_key_access(hash text)
returns table (id uuid, store_id uuid, permissions text[], expires_at timestamptz, revoked_at timestamptz, last_used_at timestamptz, store_status text)
language sql stable security definer set search_path = pg_catalog, pg_temp
as $$
  select k.id, k.store_id, k.permissions, k.expires_at, k.revoked_at, k.last_used_at, t.status
  from accounts.api_key_secrets s
  join accounts.api_keys k on k.store_id = s.store_id and k.id = s.api_key_id
  join accounts.stores t on t.store_id = k.store_id
  where s.secret_hash = hash
$$;

-- What any visitor may know of a store that trades.
create function accounts.active_store(store_slug text)
returns table (id uuid, slug text, name text, currency text, default_language text)
language sql stable security definer set search_path = pg_catalog, pg_temp
as $$
  select t.id, t.slug, t.name, t.currency, t.default_language
  from accounts.store_names n join accounts.stores t on t.store_id = n.store_id
  where n.kind = 'SLUG' and n.value = store_slug and t.status = 'ACTIVE'
$$;

-- The stores that the transaction's person works in, the one last used first.
create function accounts.own_memberships()
returns table (member_id uuid, member_status text, joined_at timestamptz, role_id uuid, role_key text, role_name text, role_permissions text[],
  store_id uuid, store_slug text, store_name text, store_currency text, store_default_language text, store_status text)
language sql stable security definer set search_path = pg_catalog, pg_temp
as $$
  select m.id, m.status, m.joined_at, r.id, r.key, r.name, r.permissions, t.id, t.slug, t.name, t.currency, t.default_language, t.status
  from accounts.members m
  join accounts.roles r on r.store_id = m.store_id and r.id = m.role_id
  join accounts.stores t on t.store_id = m.store_id
  left join lateral (
    select max(s.last_used_at) as at from accounts.sessions s where s.user_id = m.user_id and s.current_store_id = m.store_id
  ) used on true
  where m.user_id = nullif(current_setting('app.user_id', true), '')::uuid and m.status <> 'REMOVED'
  order by used.at desc nulls last, m.created_at, m.id
$$;

-- People as their colleagues may know them: the transaction's person, and whoever has joined its store. An invitation alone shows nobody.
-- What concerns the person alone is shown to that person alone.
create function accounts.profiles(people uuid[])
returns table (user_id uuid, email text, first_name text, last_name text, avatar_url text, locale text, timezone text, active boolean, created_at timestamptz,
  phone text, email_verified_at timestamptz, mfa_enabled boolean, last_log_in_at timestamptz)
language sql stable security definer set search_path = pg_catalog, pg_temp
as $$
  select u.user_id, u.email, u.first_name, u.last_name, u.avatar_url, u.locale, u.timezone, u.active, u.created_at,
    case when self.mine then u.phone end, case when self.mine then u.email_verified_at end,
    case when self.mine then u.mfa_enabled end, case when self.mine then u.last_log_in_at end
  from accounts.users u
  cross join lateral (select u.user_id is not distinct from nullif(current_setting('app.user_id', true), '')::uuid as mine) self
  where u.user_id = any (people)
    and (self.mine or (
      current_setting('app.kind', true) in ('STAFF', 'API_KEY', 'PLATFORM', 'SYSTEM')
      and exists (select from accounts.members m where m.store_id = nullif(current_setting('app.store_id', true), '')::uuid and m.user_id = u.user_id
        and m.joined_at is not null)
    ))
$$;

-- The person to be invited. Gives nothing but the id, and only to those who work in a store.
create function accounts.person_to_add(address text)
returns table (user_id uuid)
language sql stable security definer set search_path = pg_catalog, pg_temp
as $$
  select u.user_id from accounts.users u
  where u.email = address and u.active
    and current_setting('app.kind', true) in ('STAFF', 'API_KEY', 'PLATFORM', 'SYSTEM')
    and nullif(current_setting('app.store_id', true), '') is not null
$$;

-- Takes a slug or domain for the transaction's store, and gives up the one it had. False when another store has it.
create function accounts.claim_store_name(name_kind text, name_value text)
returns boolean
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
  tenant uuid := nullif(current_setting('app.store_id', true), '')::uuid;
begin
  if tenant is null or current_setting('app.kind', true) not in ('STAFF', 'API_KEY', 'PLATFORM', 'SYSTEM') then
    raise insufficient_privilege using message = 'a store name is claimed by those who work in the store';
  end if;
  delete from accounts.store_names n where n.store_id = tenant and n.kind = name_kind and n.value is distinct from name_value;
  if name_value is null then
    return true;
  end if;
  insert into accounts.store_names (kind, value, store_id) values (name_kind, name_value, tenant) on conflict do nothing;
  return exists (select from accounts.store_names n where n.kind = name_kind and n.value = name_value and n.store_id = tenant);
end
$$;

alter function accounts.log_in_candidate(text) owner to :"lookup";
alter function accounts.refresh_token_owner(text) owner to :"lookup";
alter function accounts.session_access(uuid, uuid, uuid) owner to :"lookup";
alter function accounts.api_key_access(text) owner to :"lookup";
alter function accounts.active_store(text) owner to :"lookup";
alter function accounts.own_memberships() owner to :"lookup";
alter function accounts.profiles(uuid[]) owner to :"lookup";
alter function accounts.person_to_add(text) owner to :"lookup";
alter function accounts.claim_store_name(text, text) owner to :"lookup";

revoke all on function
  accounts.log_in_candidate(text),
  accounts.refresh_token_owner(text),
  accounts.session_access(uuid, uuid, uuid),
  accounts.api_key_access(text),
  accounts.active_store(text),
  accounts.own_memberships(),
  accounts.profiles(uuid[]),
  accounts.person_to_add(text),
  accounts.claim_store_name(text, text)
  from public;
grant execute on function
  accounts.log_in_candidate(text),
  accounts.refresh_token_owner(text),
  accounts.session_access(uuid, uuid, uuid),
  accounts.api_key_access(text),
  accounts.active_store(text),
  accounts.own_memberships(),
  accounts.profiles(uuid[]),
  accounts.person_to_add(text),
  accounts.claim_store_name(text, text)
  to :"app";
