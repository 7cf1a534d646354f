-- Blanks what the log holds about several subjects at once, in the caller's store alone, and remembers each: events.sequence blanks whatever is added later.
-- One person has many: a customer, those merged into it, and whatever was theirs before anybody knew it.
create function events.erase_subjects(erased text[]) returns bigint
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  store uuid := nullif(current_setting('app.store_id', true), '')::uuid;
  kind text := current_setting('app.kind', true);
  blanked bigint;
begin
  if coalesce(kind, '') not in ('STAFF', 'API_KEY', 'PLATFORM', 'SYSTEM', 'CUSTOMER') then
    raise insufficient_privilege using message = 'this identity erases nobody';
  end if;
  if exists (select from unnest(erased) subject where subject is null or length(subject) not between 1 and 200) then
    raise invalid_parameter_value using message = 'not a subject';
  end if;
  -- In one order, so that two erasures that share subjects do not wait for each other in a circle.
  insert into events.erasures (store_id, subject) select store, subject from unnest(erased) subject order by subject on conflict do nothing;
  update events.log set personal = null, secret = null where subject = any (erased) and store_id is not distinct from store and personal is not null;
  get diagnostics blanked = row_count;
  return blanked;
end $$;
alter function events.erase_subjects(text[]) owner to :"lookup";
revoke all on function events.erase_subjects(text[]) from public, :"app", :"system";
grant execute on function events.erase_subjects(text[]) to :"apps";

-- Which domains have a consumer of a type of event: whoever asks something of all domains knows by this whose answers to wait for.
grant select (domain, types) on events.consumers to :"lookup";
create policy function_read on events.consumers for select to :"lookup" using (true);
create function events.domains_that_hear(heard text) returns text[]
  language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select coalesce(array_agg(distinct c.domain order by c.domain), '{}') from events.consumers c where heard = any (c.types)
$$;
alter function events.domains_that_hear(text) owner to :"lookup";
revoke all on function events.domains_that_hear(text) from public, :"app", :"system";
grant execute on function events.domains_that_hear(text) to :"apps";

-- Blanks what the log holds under an e-mail address, whoever its subject is: a sign-up that had no customer yet, somebody who was taken for nobody. In the
-- caller's store alone. Found by an index, which the policies of an update would keep it from: hence in two steps.
create index log_email on events.log (store_id, (personal ->> 'email')) where personal ->> 'email' is not null;
create function events.erase_addresses(addresses text[]) returns bigint
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  store uuid := nullif(current_setting('app.store_id', true), '')::uuid;
  kind text := current_setting('app.kind', true);
  found bigint[];
begin
  if coalesce(kind, '') not in ('STAFF', 'API_KEY', 'PLATFORM', 'SYSTEM') then
    raise insufficient_privilege using message = 'this identity erases nobody';
  end if;
  if store is null then
    return 0;
  end if;
  found := array(select l.ordinal from events.log l where l.store_id = store and l.personal ->> 'email' = any (addresses));
  update events.log set personal = null, secret = null where ordinal = any (found);
  return cardinality(found);
end $$;
alter function events.erase_addresses(text[]) owner to :"lookup";
revoke all on function events.erase_addresses(text[]) from public, :"app", :"system";
grant execute on function events.erase_addresses(text[]) to :"apps";
