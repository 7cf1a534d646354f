-- The inbox feed of a store: the changes of its conversations with a dense position each, in the order in which they could be seen.
create table messaging.inbox_feeds (
  store_id uuid not null,
  last bigint not null,
  constraint inbox_feeds_pkey primary key (store_id)
);
alter table messaging.inbox_feeds enable row level security;
alter table messaging.inbox_feeds force row level security;
create policy store_isolation on messaging.inbox_feeds for all
  using (store_id = nullif(current_setting('app.store_id', true), '')::uuid and current_setting('app.kind', true) in ('STAFF', 'API_KEY', 'PLATFORM', 'SYSTEM'))
  with check (store_id = nullif(current_setting('app.store_id', true), '')::uuid and current_setting('app.kind', true) in ('STAFF', 'API_KEY', 'PLATFORM', 'SYSTEM'));
revoke insert, update, delete on messaging.inbox_feeds from :"app";

grant select (store_id, conversation_id, sequence, ordinal, position), update (position) on messaging.conversation_events to :"lookup";
grant select, insert, update on messaging.inbox_feeds to :"lookup";
create policy feed_read on messaging.conversation_events for select to :"lookup" using (true);
create policy feed_sequence on messaging.conversation_events for update to :"lookup" using (position is null) with check (position is not null);
create policy feed_sequence on messaging.inbox_feeds for all to :"lookup" using (true) with check (true);

-- Gives the next positions to the committed entries of the transaction's store, in the order of their insertion, and returns the last one given.
-- One transaction at a time. It needs no look at running transactions: an entry takes part once it can be seen, so one that is committed late is
-- only later.
create function messaging.sequence_inbox(batch integer) returns bigint
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  store constant uuid := nullif(current_setting('app.store_id', true), '')::uuid;
  before bigint;
  given bigint;
begin
  if store is null or coalesce(current_setting('app.kind', true), '') <> 'SYSTEM' then
    raise insufficient_privilege using message = 'only the system gives positions';
  end if;
  -- Without a lock where there is nothing to do, as there is most of the time.
  if not exists (select from messaging.conversation_events e where e.store_id = store and e.position is null) then
    return coalesce((select f.last from messaging.inbox_feeds f where f.store_id = store), 0);
  end if;
  insert into messaging.inbox_feeds (store_id, last) values (store, 0) on conflict do nothing;
  select f.last into before from messaging.inbox_feeds f where f.store_id = store for update;
  -- A statement of its own: its snapshot is younger than the lock, and so than the commit of whoever had it before.
  with next as (
    select e.conversation_id, e.sequence, row_number() over (order by e.ordinal) as n
    from (select conversation_id, sequence, ordinal from messaging.conversation_events where store_id = store and position is null order by ordinal limit batch) e
  )
  update messaging.conversation_events e set position = before + next.n from next 
  where e.store_id = store and e.conversation_id = next.conversation_id and e.sequence = next.sequence;
  get diagnostics given = row_count;
  update messaging.inbox_feeds f set last = before + given where f.store_id = store;
  return before + given;
end
$$;
alter function messaging.sequence_inbox(integer) owner to :"lookup";
revoke all on function messaging.sequence_inbox(integer) from public;
grant execute on function messaging.sequence_inbox(integer) to :"app";
