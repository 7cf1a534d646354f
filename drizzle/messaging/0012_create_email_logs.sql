-- Every mail of a store, from the moment that it is queued.
create table messaging.email_logs (
  store_id uuid not null,
  id uuid not null,
  template_code text not null,
  template_id uuid not null,
  template_version integer not null,
  -- Whose template it was, in which language, and which rung of the fall-back chain that is.
  template_source text not null,
  language text not null,
  rung text not null,
  category text not null,
  recipient text not null,
  recipient_name text,
  subject text not null,
  -- Holds a secret, such as a link that resets a password: sealed, shown to nobody, and erased once it is sent.
  confidential boolean not null,
  content text,
  content_hash text not null,
  customer_id uuid,
  related_kind text,
  related_id text,
  data jsonb,
  -- What made it be sent: the same cause again sends nothing.
  cause text,
  status text not null,
  rank smallint not null,
  -- The same at every attempt.
  message_id text not null,
  provider text,
  provider_id text,
  attempts integer not null,
  -- Since when a server is being given the mail. Whoever finds this set does not know whether the mail went out.
  on_wire_since timestamptz(3),
  -- The job that does so.
  on_wire_job uuid,
  next_attempt_at timestamptz(3),
  error_code text,
  error text,
  sent_at timestamptz(3),
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  constraint email_logs_pkey primary key (store_id, id),
  constraint email_logs_cause_key unique (store_id, cause),
  constraint email_logs_source_check check (template_source in ('STORE', 'PLATFORM')),
  constraint email_logs_rung_check check (rung in ('EXACT', 'BASE_LANGUAGE', 'STORE_DEFAULT', 'ENGLISH')),
  constraint email_logs_category_check check (category in ('AUTH', 'ORDERS', 'BILLING', 'SYSTEM', 'MARKETING')),
  -- What is known of a mail only grows: email/status.ts.
  constraint email_logs_status_check check ((status, rank) in (('QUEUED', 0), ('DEFERRED', 1), ('SUPPRESSED', 2), ('FAILED', 2), ('UNKNOWN', 3), ('SENT', 4), ('DELIVERED', 5), ('OPENED', 6), ('CLICKED', 7), ('BOUNCED', 8), ('COMPLAINED', 9))),
  constraint email_logs_attempts_check check (attempts >= 0)
);
create index email_logs_time_index on messaging.email_logs (store_id, created_at, id);
create index email_logs_recipient_index on messaging.email_logs (store_id, recipient, created_at, id);
create index email_logs_template_index on messaging.email_logs (store_id, template_code, created_at, id);
create index email_logs_status_index on messaging.email_logs (store_id, status, created_at, id);
create index email_logs_customer_index on messaging.email_logs (store_id, customer_id, created_at, id) where customer_id is not null;
create index email_logs_related_index on messaging.email_logs (store_id, related_kind, related_id, created_at, id) where related_id is not null;
create index email_logs_due_index on messaging.email_logs (next_attempt_at) where next_attempt_at is not null;
alter table messaging.email_logs enable row level security;
alter table messaging.email_logs force row level security;
create policy store_isolation on messaging.email_logs for all
  using (store_id = nullif(current_setting('app.store_id', true), '')::uuid and current_setting('app.kind', true) in ('STAFF', 'API_KEY', 'PLATFORM', 'SYSTEM'))
  with check (store_id = nullif(current_setting('app.store_id', true), '')::uuid and current_setting('app.kind', true) in ('STAFF', 'API_KEY', 'PLATFORM', 'SYSTEM'));
create policy sweep on messaging.email_logs for select to :"system" using (true);
revoke delete on messaging.email_logs from :"app";

-- What has happened to a mail, in the order in which it was heard of.
create table messaging.email_events (
  store_id uuid not null,
  id uuid not null,
  email_id uuid not null,
  kind text not null,
  detail text,
  -- The provider's own id of it: told twice, it counts once.
  provider_event_id text,
  likely_machine boolean not null,
  happened_at timestamptz(3) not null,
  created_at timestamptz(3) not null default now(),
  constraint email_events_pkey primary key (store_id, id),
  constraint email_events_email_fkey foreign key (store_id, email_id) references messaging.email_logs (store_id, id),
  constraint email_events_provider_key unique (store_id, email_id, provider_event_id),
  constraint email_events_kind_check check (kind in ('QUEUED', 'SENT', 'DEFERRED', 'DELIVERED', 'OPENED', 'CLICKED', 'BOUNCED', 'COMPLAINED', 'FAILED', 'SUPPRESSED', 'UNKNOWN'))
);
create index email_events_email_index on messaging.email_events (store_id, email_id, id);
alter table messaging.email_events enable row level security;
alter table messaging.email_events force row level security;
create policy store_isolation on messaging.email_events for all
  using (store_id = nullif(current_setting('app.store_id', true), '')::uuid and current_setting('app.kind', true) in ('STAFF', 'API_KEY', 'PLATFORM', 'SYSTEM'))
  with check (store_id = nullif(current_setting('app.store_id', true), '')::uuid and current_setting('app.kind', true) in ('STAFF', 'API_KEY', 'PLATFORM', 'SYSTEM'));
revoke update, delete on messaging.email_events from :"app";

-- Addresses to which the store sends nothing: what came back from there, and whose owner has complained.
create table messaging.suppressions (
  store_id uuid not null,
  id uuid not null,
  address text not null,
  reason text not null,
  detail text,
  created_at timestamptz(3) not null default now(),
  constraint suppressions_pkey primary key (store_id, id),
  constraint suppressions_address_key unique (store_id, address, reason),
  constraint suppressions_reason_check check (reason in ('BOUNCED', 'COMPLAINED', 'BLOCKED'))
);
alter table messaging.suppressions enable row level security;
alter table messaging.suppressions force row level security;
create policy store_isolation on messaging.suppressions for all
  using (store_id = nullif(current_setting('app.store_id', true), '')::uuid and current_setting('app.kind', true) in ('STAFF', 'API_KEY', 'PLATFORM', 'SYSTEM'))
  with check (store_id = nullif(current_setting('app.store_id', true), '')::uuid and current_setting('app.kind', true) in ('STAFF', 'API_KEY', 'PLATFORM', 'SYSTEM'));

-- The same of mails that are about no store, but about a person who works with the platform.
create table messaging.platform_email_logs (
  id uuid not null,
  template_code text not null,
  template_id uuid not null,
  template_version integer not null,
  -- Whose template it was, in which language, and which rung of the fall-back chain that is.
  template_source text not null,
  language text not null,
  rung text not null,
  category text not null,
  recipient text not null,
  recipient_name text,
  subject text not null,
  -- Holds a secret, such as a link that resets a password: sealed, shown to nobody, and erased once it is sent.
  confidential boolean not null,
  content text,
  content_hash text not null,
  user_id uuid,
  related_kind text,
  related_id text,
  data jsonb,
  -- What made it be sent: the same cause again sends nothing.
  cause text,
  status text not null,
  rank smallint not null,
  -- The same at every attempt.
  message_id text not null,
  provider text,
  provider_id text,
  attempts integer not null,
  -- Since when a server is being given the mail. Whoever finds this set does not know whether the mail went out.
  on_wire_since timestamptz(3),
  -- The job that does so.
  on_wire_job uuid,
  next_attempt_at timestamptz(3),
  error_code text,
  error text,
  sent_at timestamptz(3),
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  constraint platform_email_logs_pkey primary key (id),
  constraint platform_email_logs_cause_key unique (cause),
  constraint platform_email_logs_source_check check (template_source in ('STORE', 'PLATFORM')),
  constraint platform_email_logs_rung_check check (rung in ('EXACT', 'BASE_LANGUAGE', 'STORE_DEFAULT', 'ENGLISH')),
  constraint platform_email_logs_category_check check (category in ('AUTH', 'ORDERS', 'BILLING', 'SYSTEM', 'MARKETING')),
  -- What is known of a mail only grows: email/status.ts.
  constraint platform_email_logs_status_check check ((status, rank) in (('QUEUED', 0), ('DEFERRED', 1), ('SUPPRESSED', 2), ('FAILED', 2), ('UNKNOWN', 3), ('SENT', 4), ('DELIVERED', 5), ('OPENED', 6), ('CLICKED', 7), ('BOUNCED', 8), ('COMPLAINED', 9))),
  constraint platform_email_logs_attempts_check check (attempts >= 0)
);
create index platform_email_logs_time_index on messaging.platform_email_logs (created_at, id);
create index platform_email_logs_recipient_index on messaging.platform_email_logs (recipient, created_at, id);
create index platform_email_logs_due_index on messaging.platform_email_logs (next_attempt_at) where next_attempt_at is not null;
alter table messaging.platform_email_logs enable row level security;
alter table messaging.platform_email_logs force row level security;
create policy platform_write on messaging.platform_email_logs for all
  using (current_setting('app.kind', true) in ('PLATFORM', 'SYSTEM'))
  with check (current_setting('app.kind', true) in ('PLATFORM', 'SYSTEM'));
revoke delete on messaging.platform_email_logs from :"app";

create table messaging.platform_email_events (
  id uuid not null,
  email_id uuid not null,
  kind text not null,
  detail text,
  -- The provider's own id of it: told twice, it counts once.
  provider_event_id text,
  likely_machine boolean not null,
  happened_at timestamptz(3) not null,
  created_at timestamptz(3) not null default now(),
  constraint platform_email_events_pkey primary key (id),
  constraint platform_email_events_email_fkey foreign key (email_id) references messaging.platform_email_logs (id),
  constraint platform_email_events_provider_key unique (email_id, provider_event_id),
  constraint platform_email_events_kind_check check (kind in ('QUEUED', 'SENT', 'DEFERRED', 'DELIVERED', 'OPENED', 'CLICKED', 'BOUNCED', 'COMPLAINED', 'FAILED', 'SUPPRESSED', 'UNKNOWN'))
);
create index platform_email_events_email_index on messaging.platform_email_events (email_id, id);
alter table messaging.platform_email_events enable row level security;
alter table messaging.platform_email_events force row level security;
create policy platform_write on messaging.platform_email_events for all
  using (current_setting('app.kind', true) in ('PLATFORM', 'SYSTEM'))
  with check (current_setting('app.kind', true) in ('PLATFORM', 'SYSTEM'));
revoke update, delete on messaging.platform_email_events from :"app";

create table messaging.platform_suppressions (
  id uuid not null,
  address text not null,
  reason text not null,
  detail text,
  created_at timestamptz(3) not null default now(),
  constraint platform_suppressions_pkey primary key (id),
  constraint platform_suppressions_address_key unique (address, reason),
  constraint platform_suppressions_reason_check check (reason in ('BOUNCED', 'COMPLAINED', 'BLOCKED'))
);
alter table messaging.platform_suppressions enable row level security;
alter table messaging.platform_suppressions force row level security;
create policy platform_write on messaging.platform_suppressions for all
  using (current_setting('app.kind', true) in ('PLATFORM', 'SYSTEM'))
  with check (current_setting('app.kind', true) in ('PLATFORM', 'SYSTEM'));
