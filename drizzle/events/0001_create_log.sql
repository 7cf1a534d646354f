-- The event log. Request roles append to it and do nothing else; the roles of dispatchers, which no request can become, read what their domain subscribes to.
create table events.log (
  -- The order of insertion. Whoever waited for another transaction's lock inserts after it, so that this order holds for what one aggregate went through.
  ordinal bigint generated always as identity primary key,
  id uuid not null unique,
  -- Dense, and final once given (events.sequence). Consumers know no other order.
  position bigint unique,
  producer text not null,
  store_id uuid default nullif(current_setting('app.store_id', true), '')::uuid,
  type text not null,
  version integer not null check (version > 0),
  aggregate text not null check (length(aggregate) between 1 and 200),
  occurred_at timestamptz(3) not null,
  recorded_at timestamptz(3) not null default clock_timestamp(),
  actor jsonb not null,
  correlation_id text not null,
  origin text not null check (origin in ('LIVE', 'IMPORT')),
  payload jsonb not null,
  -- What erasure blanks, and whose it is.
  personal jsonb,
  subject text,
  -- Sealed for one domain, blanked when it expires.
  secret text,
  secret_for text,
  secret_expires_at timestamptz(3),
  check (personal is null or subject is not null),
  check (secret is null or (secret_for is not null and secret_expires_at is not null))
);
create index log_unsequenced on events.log (ordinal) where position is null;
create index log_subject on events.log (subject, store_id) where personal is not null;
create index log_secret_expiry on events.log (secret_expires_at) where secret is not null;

create table events.sequencer (
  only_row boolean primary key default true check (only_row),
  last_position bigint not null
);
insert into events.sequencer (last_position) values (0);

create table events.consumers (
  name text primary key,
  domain text not null,
  kind text not null check (kind in ('projection', 'effect')),
  types text[] not null,
  -- Everything up to here is handled or held.
  position bigint not null,
  -- Everything up to here may have been begun: what lies between the two when a process dies is tried again one at a time, and counted.
  begun_position bigint not null,
  -- An effect never goes back behind this.
  started_position bigint not null,
  -- Raised by each process that takes the consumer over, so that its predecessor can no longer move the position.
  epoch bigint not null default 0,
  replay_requested boolean not null default false,
  registered_at timestamptz(3) not null default now(),
  check (begun_position >= position),
  check (split_part(name, '.', 1) = domain)
);

-- What a consumer could not handle, and what has to wait behind it. Per consumer and aggregate the first row is being retried or is parked; the others wait for it.
create table events.held (
  consumer text not null references events.consumers (name) on delete cascade,
  event_id uuid not null references events.log (id),
  position bigint not null,
  aggregate text not null,
  attempts integer not null default 0,
  -- Names and places only: a message may quote somebody's data.
  error text,
  next_attempt_at timestamptz(3),
  parked_at timestamptz(3),
  primary key (consumer, event_id)
);
create index held_order on events.held (consumer, aggregate, position);
create index held_due on events.held (consumer, next_attempt_at) where next_attempt_at is not null;

create table events.erasures (
  store_id uuid,
  subject text not null,
  erased_at timestamptz(3) not null default now(),
  -- Whether events.sequence has gone over what got its position before it could see the erasure.
  swept boolean not null default false,
  unique nulls not distinct (subject, store_id)
);
create index erasures_unswept on events.erasures (subject) where not swept;

revoke all on events.log, events.sequencer, events.consumers, events.held, events.erasures from :"app", :"system", :"lookup";
grant usage on schema events to :"apps", :"systems";
-- No position, no ordinal, no recorded_at.
grant insert (id, producer, store_id, type, version, aggregate, occurred_at, actor, correlation_id, origin, payload, personal, subject, secret, secret_for, secret_expires_at)
  on events.log to :"apps";
-- Dispatchers. A secret is read through events.secret_of, positions are given by events.sequence.
grant select (ordinal, id, position, producer, store_id, type, version, aggregate, occurred_at, recorded_at, actor, correlation_id, origin, payload, personal, subject,
  secret_for, secret_expires_at) on events.log to :"systems";
grant select on events.sequencer, events.erasures to :"systems";
grant select, insert, update on events.consumers to :"systems";
grant select, insert, update, delete on events.held to :"systems";
-- The owner of the functions in 0002.
grant select (ordinal, id, position, store_id, subject, personal, secret, secret_for, secret_expires_at), update (position, personal, secret) on events.log to :"lookup";
grant select, update on events.sequencer to :"lookup";
grant select, insert, update (swept) on events.erasures to :"lookup";

-- Roles are <prefix>_<domain> for requests and <prefix>_<domain>_system for dispatchers, and a domain's name has no underscore.
alter table events.log enable row level security;
alter table events.log force row level security;
create policy append on events.log for insert to :"apps"
  with check (
    producer = split_part(current_user, '_', -1)
    and store_id is not distinct from nullif(current_setting('app.store_id', true), '')::uuid
    and current_setting('app.kind', true) <> ''
  );
-- A domain reads the types that its consumers subscribe to; the dispatcher of the whole deployment (:"system") reads all.
create policy subscribed on events.log for select to :"systems" using (type = any (array(select unnest(types) from events.consumers)));
create policy dispatch on events.log for select to :"system" using (true);
create policy function_read on events.log for select to :"lookup" using (true);
create policy sequence on events.log for update to :"lookup" using (position is null) with check (position is not null);
create policy expire on events.log for update to :"lookup" using (secret_expires_at <= now()) with check (secret is null);
create policy erase on events.log for update to :"lookup"
  using (store_id is not distinct from nullif(current_setting('app.store_id', true), '')::uuid) with check (personal is null);
create policy sweep on events.log for update to :"lookup"
  using (exists (select from events.erasures x where x.subject = log.subject and x.store_id is not distinct from log.store_id)) with check (personal is null);

alter table events.sequencer enable row level security;
alter table events.sequencer force row level security;
create policy dispatch on events.sequencer for select to :"systems" using (true);
create policy sequence on events.sequencer to :"lookup" using (true);

alter table events.consumers enable row level security;
alter table events.consumers force row level security;
create policy own on events.consumers to :"systems" using (domain = split_part(current_user, '_', -2));
create policy dispatch on events.consumers to :"system" using (true);

alter table events.held enable row level security;
alter table events.held force row level security;
create policy own on events.held to :"systems" using (split_part(consumer, '.', 1) = split_part(current_user, '_', -2));
create policy dispatch on events.held to :"system" using (true);

alter table events.erasures enable row level security;
alter table events.erasures force row level security;
create policy dispatch on events.erasures for select to :"systems" using (true);
create policy erase on events.erasures to :"lookup" using (store_id is not distinct from nullif(current_setting('app.store_id', true), '')::uuid);
create policy function_read on events.erasures for select to :"lookup" using (true);
create policy sweep on events.erasures for update to :"lookup" using (not swept) with check (swept);
