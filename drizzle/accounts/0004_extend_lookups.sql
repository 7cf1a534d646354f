-- Look-ups of what 0003 made. As in 0002: each as narrow as its use, owned by the look-up role, search path fixed.

drop function accounts.log_in_candidate(text);

-- The user that may log in with an address. The only reader of password hashes.
create function accounts.log_in_candidate(address text)
returns table (user_id uuid, password_hash text, password_generation integer, active boolean, mfa_enabled boolean)
language sql stable security definer set search_path = pg_catalog, pg_temp
as $$
  select u.user_id, p.hash, p.generation, u.active,
    exists (select from accounts.totp_devices d where d.user_id = u.user_id and d.confirmed_at is not null)
  from accounts.users u left join accounts.passwords p on p.user_id = u.user_id
  where u.email = address
$$;

-- Whose one-time token this is, and for what.
create function accounts.one_time_token_owner(hash text)
returns table (token_id uuid, user_id uuid, purpose text)
language sql stable security definer set search_path = pg_catalog, pg_temp
as $$
  select t.id, t.user_id, t.purpose from accounts.one_time_tokens t where t.token_hash = hash
$$;

-- Uses up the token and makes its address the user's verified one. No row when the token is good no more, or when it was for an address that the
-- user has no longer. Fails on users_email_unique where somebody else has the address by now. The only writer of e-mail addresses.
create function accounts.verify_email(hash text, moment timestamptz)
returns table (user_id uuid, email text, former_email text)
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
  token record;
  person record;
begin
  select t.user_id into token from accounts.one_time_tokens t where t.token_hash = hash;
  if not found then
    return;
  end if;
  -- The person first, as everywhere: two tokens of one person are used one after the other.
  select u.user_id, u.email, u.active into person from accounts.users u where u.user_id = token.user_id for update;
  update accounts.one_time_tokens t set used_at = moment
    where t.token_hash = hash and t.purpose in ('EMAIL_VERIFICATION', 'EMAIL_CHANGE')
      and t.used_at is null and t.ended_at is null and t.expires_at > moment
      and (t.purpose = 'EMAIL_CHANGE' or t.email = person.email) and person.active
    returning t.purpose, t.email into token;
  if not found then
    return;
  end if;
  update accounts.users u set email = token.email, email_verified_at = moment, updated_at = moment where u.user_id = person.user_id;
  if token.email <> person.email then
    -- They were sent to the old address, or for it.
    update accounts.one_time_tokens t set ended_at = moment where t.user_id = person.user_id and t.used_at is null and t.ended_at is null;
  end if;
  return query select person.user_id, token.email::text, person.email::text;
end
$$;

-- Uses up one of the person's backup codes. False where there is no such unused one.
create function accounts.use_backup_code(hash text, moment timestamptz)
returns boolean
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
begin
  update accounts.backup_codes c set used_at = moment
    where c.user_id = nullif(current_setting('app.user_id', true), '')::uuid and c.code_hash = hash and c.used_at is null;
  return found;
end
$$;

-- As in 0002; whether there is a second factor follows from the devices.
create or replace function accounts.profiles(people uuid[])
returns table (user_id uuid, email text, first_name text, last_name text, avatar_url text, locale text, timezone text, active boolean, created_at timestamptz,
  phone text, email_verified_at timestamptz, mfa_enabled boolean, last_log_in_at timestamptz)
language sql stable security definer set search_path = pg_catalog, pg_temp
as $$
  select u.user_id, u.email, u.first_name, u.last_name, u.avatar_url, u.locale, u.timezone, u.active, u.created_at,
    case when self.mine then u.phone end, case when self.mine then u.email_verified_at end,
    case when self.mine then exists (select from accounts.totp_devices d where d.user_id = u.user_id and d.confirmed_at is not null) end,
    case when self.mine then u.last_log_in_at end
  from accounts.users u
  cross join lateral (select u.user_id is not distinct from nullif(current_setting('app.user_id', true), '')::uuid as mine) self
  where u.user_id = any (people)
    and (self.mine or (
      current_setting('app.kind', true) in ('STAFF', 'API_KEY', 'PLATFORM', 'SYSTEM')
      and exists (select from accounts.members m where m.store_id = nullif(current_setting('app.store_id', true), '')::uuid and m.user_id = u.user_id
        and m.joined_at is not null)
    ))
$$;
alter table accounts.users drop column mfa_enabled;

create policy email_verification on accounts.users for update to :"lookup" using (true) with check (true);
grant update (email, email_verified_at, updated_at) on accounts.users to :"lookup";

alter function accounts.log_in_candidate(text) owner to :"lookup";
alter function accounts.one_time_token_owner(text) owner to :"lookup";
alter function accounts.verify_email(text, timestamptz) owner to :"lookup";
alter function accounts.use_backup_code(text, timestamptz) owner to :"lookup";
revoke all on function
  accounts.log_in_candidate(text),
  accounts.one_time_token_owner(text),
  accounts.verify_email(text, timestamptz),
  accounts.use_backup_code(text, timestamptz)
  from public;
grant execute on function
  accounts.log_in_candidate(text),
  accounts.one_time_token_owner(text),
  accounts.verify_email(text, timestamptz),
  accounts.use_backup_code(text, timestamptz)
  to :"app";
