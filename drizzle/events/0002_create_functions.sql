-- Gives the next positions to committed events, in the order of their insertion. One session at a time; whoever finds another at it does nothing.
-- It needs no look at running transactions: a row takes part once it can be seen, so a late commit is only later, and what could already be seen when a
-- row was inserted has the smaller ordinal and is taken before it or with it.
-- What it tells of a person who has been erased is blanked. Where an erasure was not committed yet when an event about that person got its position, the
-- first call that sees the erasure blanks it: between the two nothing is left out.
create function events.sequence(batch integer) returns bigint
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  before bigint;
  given bigint;
  fresh record;
begin
  if not pg_try_advisory_xact_lock(hashtextextended('storegraph.events.sequence', 0)) then
    return (select last_position from events.sequencer);
  end if;
  -- A statement of its own: its snapshot is younger than the lock, and so than the last sequencer's commit.
  select last_position into before from events.sequencer;
  with next as (select ordinal from events.log where position is null order by ordinal limit batch),
       numbered as (select ordinal, before + row_number() over (order by ordinal) as position from next)
  update events.log l set
    position = n.position,
    personal = case when l.personal is not null
      and not exists (select from events.erasures x where x.subject = l.subject and x.store_id is not distinct from l.store_id) then l.personal end
  from numbered n where l.ordinal = n.ordinal;
  get diagnostics given = row_count;
  if given > 0 then
    update events.sequencer set last_position = before + given;
  end if;
  for fresh in update events.erasures set swept = true where not swept returning subject, store_id loop
    update events.log l set personal = null
    where l.subject = fresh.subject and l.store_id is not distinct from fresh.store_id and l.personal is not null;
  end loop;
  return before + given;
end $$;
alter function events.sequence(integer) owner to :"lookup";
revoke all on function events.sequence(integer) from public, :"app";
grant execute on function events.sequence(integer) to :"systems";

-- The sealed secret of an event, for the domain that it is sealed for. The dispatcher of the whole deployment asks in the name of each domain.
create function events.secret_of(event uuid, domain text) returns text
  language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select l.secret from events.log l
  where l.id = event and l.secret_for = domain and l.secret_expires_at > now() and split_part(current_setting('role'), '_', -2) in (domain, 'events')
$$;
alter function events.secret_of(uuid, text) owner to :"lookup";
revoke all on function events.secret_of(uuid, text) from public, :"app";
grant execute on function events.secret_of(uuid, text) to :"systems";

create function events.expire_secrets() returns bigint
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  blanked bigint;
begin
  update events.log set secret = null where secret is not null and secret_expires_at <= now();
  get diagnostics blanked = row_count;
  return blanked;
end $$;
alter function events.expire_secrets() owner to :"lookup";
revoke all on function events.expire_secrets() from public, :"app";
grant execute on function events.expire_secrets() to :"systems";

-- Blanks what the log holds about a person, in the caller's store alone, and remembers it: events.sequence blanks whatever is added later.
create function events.erase_personal(erased text) returns bigint
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  store uuid := nullif(current_setting('app.store_id', true), '')::uuid;
  kind text := current_setting('app.kind', true);
  blanked bigint;
begin
  if coalesce(kind, '') not in ('STAFF', 'API_KEY', 'PLATFORM', 'SYSTEM', 'CUSTOMER') then
    raise insufficient_privilege using message = 'this identity erases nobody';
  end if;
  if length(erased) not between 1 and 200 then
    raise invalid_parameter_value using message = 'not a subject';
  end if;
  insert into events.erasures (store_id, subject) values (store, erased) on conflict do nothing;
  update events.log set personal = null where subject = erased and store_id is not distinct from store and personal is not null;
  get diagnostics blanked = row_count;
  return blanked;
end $$;
alter function events.erase_personal(text) owner to :"lookup";
revoke all on function events.erase_personal(text) from public, :"app", :"system";
grant execute on function events.erase_personal(text) to :"apps";
