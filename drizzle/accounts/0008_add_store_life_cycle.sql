-- ACTIVE, SUSPENDED by the platform and back, CLOSED for good. Requests have no right to a store's status: it changes through change_store_status alone.
alter table accounts.stores add column suspended_at timestamptz(3);
alter table accounts.stores add column suspended_reason text;
alter table accounts.stores add column closed_at timestamptz(3);
alter table accounts.stores add column closed_reason text;
alter table accounts.stores add constraint stores_suspended_since check (status <> 'SUSPENDED' or suspended_at is not null) not valid;
alter table accounts.stores add constraint stores_closed_since check ((status = 'CLOSED') = (closed_at is not null)) not valid;

create policy lookup_write on accounts.stores for update to :"lookup"
  using (store_id = nullif(current_setting('app.store_id', true), '')::uuid) with check (store_id = nullif(current_setting('app.store_id', true), '')::uuid);
grant update (status, suspended_at, suspended_reason, closed_at, closed_reason, domain, updated_at) on accounts.stores to :"lookup";

-- Takes the transaction's store to another status, if the life cycle has that step. Gives whether it did. A closed store gives up its domain, not its slug:
-- what stood in its addresses must not come to lead to somebody else.
create function accounts.change_store_status(to_status text, why text, at timestamptz)
returns boolean
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
  tenant uuid := nullif(current_setting('app.store_id', true), '')::uuid;
  kind text := coalesce(current_setting('app.kind', true), '');
begin
  if tenant is null or not (kind in ('PLATFORM', 'SYSTEM') or (kind in ('STAFF', 'API_KEY') and to_status = 'CLOSED')) then
    raise insufficient_privilege using message = 'a store is suspended and reinstated by the platform, and closed by its own people or the platform';
  end if;
  update accounts.stores s set
    status = to_status,
    suspended_at = case to_status when 'SUSPENDED' then at when 'CLOSED' then s.suspended_at end,
    suspended_reason = case to_status when 'SUSPENDED' then why when 'CLOSED' then s.suspended_reason end,
    closed_at = case to_status when 'CLOSED' then at end,
    closed_reason = case to_status when 'CLOSED' then why end,
    domain = case to_status when 'CLOSED' then null else s.domain end,
    updated_at = at
  where s.store_id = tenant and s.id = tenant and (s.status, to_status) in (('ACTIVE', 'SUSPENDED'), ('SUSPENDED', 'ACTIVE'), ('ACTIVE', 'CLOSED'), ('SUSPENDED', 'CLOSED'));
  if not found then
    return false;
  end if;
  if to_status = 'CLOSED' then
    delete from accounts.store_names n where n.store_id = tenant and n.kind = 'DOMAIN';
  end if;
  return true;
end
$$;
alter function accounts.change_store_status(text, text, timestamptz) owner to :"lookup";
revoke all on function accounts.change_store_status(text, text, timestamptz) from public;
grant execute on function accounts.change_store_status(text, text, timestamptz) to :"app";
