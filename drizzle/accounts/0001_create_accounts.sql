-- Stores, people, their sessions and rights, and what they did.
--
-- Policies: `store_isolation` (rows of the transaction's store), `user_own` (rows of the transaction's person) and `platform_write` stand on
-- the tables of the three classes. `lookup` admits the owner of the SECURITY DEFINER functions of 0002, and `sweep` the role of nightly jobs.
-- Secrets (password, refresh token and API key hashes) stand in tables or columns that the role of requests may write and not read.

-- ---------------------------------------------------------------------------------------------------------------------- stores (tenant)
create table accounts.stores (
  store_id uuid not null,
  id uuid not null,
  slug text not null,
  domain text,
  name text not null,
  status text not null default 'ACTIVE',
  country text,
  currency text not null,
  timezone text not null default 'UTC',
  default_language text not null default 'en',
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  primary key (store_id, id),
  constraint stores_is_its_own_tenant check (id = store_id),
  constraint stores_status check (status in ('ACTIVE', 'SUSPENDED', 'CLOSED')),
  constraint stores_slug check (slug ~ '^[a-z0-9][a-z0-9-]{1,38}[a-z0-9]$'),
  constraint stores_country check (country ~ '^[A-Z]{2}$'),
  constraint stores_currency check (currency ~ '^[A-Z]{3}$')
);
alter table accounts.stores enable row level security;
alter table accounts.stores force row level security;
create policy store_isolation on accounts.stores for all
  using (store_id = nullif(current_setting('app.store_id', true), '')::uuid and current_setting('app.kind', true) in ('STAFF', 'API_KEY', 'PLATFORM', 'SYSTEM'))
  with check (store_id = nullif(current_setting('app.store_id', true), '')::uuid and current_setting('app.kind', true) in ('STAFF', 'API_KEY', 'PLATFORM', 'SYSTEM'));
-- Shoppers see the store they are in; the schema shows them its public fields alone.
create policy shopper_read on accounts.stores for select
  using (store_id = nullif(current_setting('app.store_id', true), '')::uuid and current_setting('app.kind', true) in ('CUSTOMER', 'ANONYMOUS'));
create policy lookup on accounts.stores for select to :"lookup" using (true);
-- Identity, currency and status don't change through an ordinary update.
revoke update, delete on accounts.stores from :"app";
grant update (name, domain, country, timezone, default_language, updated_at) on accounts.stores to :"app";
grant select on accounts.stores to :"lookup";

-- ----------------------------------------------------------------------------------------------------------------- store_names (platform)
-- What is unique over all stores: a tenant table's own unique keys hold within a store only. Written through claim_store_name.
create table accounts.store_names (
  kind text not null,
  value text not null,
  store_id uuid not null,
  created_at timestamptz(3) not null default now(),
  primary key (kind, value),
  constraint store_names_kind check (kind in ('SLUG', 'DOMAIN')),
  constraint store_names_one_of_a_kind unique (store_id, kind)
);
alter table accounts.store_names enable row level security;
alter table accounts.store_names force row level security;
create policy platform_write on accounts.store_names for all
  using (current_setting('app.kind', true) in ('PLATFORM', 'SYSTEM'))
  with check (current_setting('app.kind', true) in ('PLATFORM', 'SYSTEM'));
create policy lookup on accounts.store_names for all to :"lookup" using (true) with check (true);
revoke all on accounts.store_names from :"app";
grant select, insert, delete on accounts.store_names to :"lookup";

-- ------------------------------------------------------------------------------------------------------------------------- users (user)
create table accounts.users (
  user_id uuid primary key,
  email text not null,
  first_name text,
  last_name text,
  phone text,
  avatar_url text,
  locale text not null default 'en',
  timezone text not null default 'UTC',
  email_verified_at timestamptz(3),
  mfa_enabled boolean not null default false,
  active boolean not null default true,
  last_log_in_at timestamptz(3),
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  constraint users_email_unique unique (email),
  constraint users_email_length check (length(email) between 3 and 254)
);
alter table accounts.users enable row level security;
alter table accounts.users force row level security;
create policy user_own on accounts.users for all
  using (user_id = nullif(current_setting('app.user_id', true), '')::uuid or current_setting('app.kind', true) in ('SYSTEM'))
  with check (user_id = nullif(current_setting('app.user_id', true), '')::uuid or current_setting('app.kind', true) in ('SYSTEM'));
create policy lookup on accounts.users for select to :"lookup" using (true);
revoke update, delete on accounts.users from :"app";
grant update (first_name, last_name, phone, avatar_url, locale, timezone, last_log_in_at, updated_at) on accounts.users to :"app";
grant select on accounts.users to :"lookup";

-- --------------------------------------------------------------------------------------------------------------------- passwords (user)
-- Apart from the person, so that no select of a user can hold one. Requests may set one; only log_in_candidate reads it.
create table accounts.passwords (
  user_id uuid primary key references accounts.users (user_id),
  hash text not null,
  changed_at timestamptz(3) not null default now()
);
alter table accounts.passwords enable row level security;
alter table accounts.passwords force row level security;
create policy user_own on accounts.passwords for all
  using (user_id = nullif(current_setting('app.user_id', true), '')::uuid or current_setting('app.kind', true) in ('SYSTEM'))
  with check (user_id = nullif(current_setting('app.user_id', true), '')::uuid or current_setting('app.kind', true) in ('SYSTEM'));
create policy lookup on accounts.passwords for select to :"lookup" using (true);
revoke all on accounts.passwords from :"app";
grant insert on accounts.passwords to :"app";
grant select on accounts.passwords to :"lookup";

-- ---------------------------------------------------------------------------------------------------------------- platform_staff (user)
-- Who works for the platform. No request can write it.
create table accounts.platform_staff (
  user_id uuid primary key references accounts.users (user_id),
  granted_at timestamptz(3) not null default now()
);
alter table accounts.platform_staff enable row level security;
alter table accounts.platform_staff force row level security;
create policy user_own on accounts.platform_staff for all
  using (user_id = nullif(current_setting('app.user_id', true), '')::uuid or current_setting('app.kind', true) in ('SYSTEM'))
  with check (user_id = nullif(current_setting('app.user_id', true), '')::uuid or current_setting('app.kind', true) in ('SYSTEM'));
create policy lookup on accounts.platform_staff for select to :"lookup" using (true);
revoke insert, update, delete on accounts.platform_staff from :"app";
grant select on accounts.platform_staff to :"lookup";

-- ---------------------------------------------------------------------------------------------------------------------- sessions (user)
create table accounts.sessions (
  id uuid primary key,
  user_id uuid not null references accounts.users (user_id),
  current_store_id uuid,
  ip text,
  user_agent text,
  created_at timestamptz(3) not null default now(),
  last_used_at timestamptz(3) not null default now(),
  expires_at timestamptz(3) not null,
  revoked_at timestamptz(3),
  revoked_reason text,
  constraint sessions_revoked_for_a_reason check ((revoked_at is null) = (revoked_reason is null)),
  constraint sessions_revoked_reason check (revoked_reason in ('LOGGED_OUT', 'TOKEN_REUSED'))
);
create index sessions_of_user on accounts.sessions (user_id, last_used_at desc);
create index sessions_by_expiry on accounts.sessions (expires_at);
alter table accounts.sessions enable row level security;
alter table accounts.sessions force row level security;
create policy user_own on accounts.sessions for all
  using (user_id = nullif(current_setting('app.user_id', true), '')::uuid or current_setting('app.kind', true) in ('SYSTEM'))
  with check (user_id = nullif(current_setting('app.user_id', true), '')::uuid or current_setting('app.kind', true) in ('SYSTEM'));
create policy lookup on accounts.sessions for select to :"lookup" using (true);
create policy sweep on accounts.sessions for all to :"system" using (true) with check (true);
revoke delete on accounts.sessions from :"app";
grant select on accounts.sessions to :"lookup";

-- ---------------------------------------------------------------------------------------------------------------- refresh_tokens (user)
create table accounts.refresh_tokens (
  id uuid primary key,
  user_id uuid not null,
  session_id uuid not null references accounts.sessions (id) on delete cascade,
  token_hash text not null,
  issued_at timestamptz(3) not null default now(),
  expires_at timestamptz(3) not null,
  used_at timestamptz(3),
  successor_sealed text,
  constraint refresh_tokens_hash_unique unique (token_hash)
);
create index refresh_tokens_of_session on accounts.refresh_tokens (session_id, issued_at desc);
create index refresh_tokens_with_successor on accounts.refresh_tokens (session_id) where successor_sealed is not null;
create index refresh_tokens_by_expiry on accounts.refresh_tokens (expires_at);
alter table accounts.refresh_tokens enable row level security;
alter table accounts.refresh_tokens force row level security;
create policy user_own on accounts.refresh_tokens for all
  using (user_id = nullif(current_setting('app.user_id', true), '')::uuid or current_setting('app.kind', true) in ('SYSTEM'))
  with check (user_id = nullif(current_setting('app.user_id', true), '')::uuid or current_setting('app.kind', true) in ('SYSTEM'));
create policy lookup on accounts.refresh_tokens for select to :"lookup" using (true);
create policy sweep on accounts.refresh_tokens for all to :"system" using (true) with check (true);
-- The hash can be written and looked up by, never read.
revoke all on accounts.refresh_tokens from :"app";
grant select (id, user_id, session_id, issued_at, expires_at, used_at, successor_sealed) on accounts.refresh_tokens to :"app";
grant insert on accounts.refresh_tokens to :"app";
grant update (used_at, successor_sealed) on accounts.refresh_tokens to :"app";
grant select on accounts.refresh_tokens to :"lookup";

-- ------------------------------------------------------------------------------------------------------------------ attempts (platform)
-- Counts log-ins, sign-ups and invitations by what was tried and by address, whether or not an account exists: the subject is a digest of
-- what was typed. No outcome: under way, or given up before there was a verdict.
create table accounts.attempts (
  id uuid primary key,
  purpose text not null,
  subject_key text not null,
  ip text,
  outcome text,
  attempted_at timestamptz(3) not null default now(),
  constraint attempts_purpose check (purpose in ('LOG_IN', 'SIGN_UP', 'MEMBER_CREATE')),
  constraint attempts_outcome check (outcome in ('FAILED', 'SUCCEEDED', 'NONE'))
);
create index attempts_of_subject on accounts.attempts (purpose, subject_key, attempted_at);
create index attempts_of_address on accounts.attempts (purpose, ip, attempted_at);
create index attempts_by_time on accounts.attempts (attempted_at);
alter table accounts.attempts enable row level security;
alter table accounts.attempts force row level security;
create policy platform_write on accounts.attempts for all
  using (current_setting('app.kind', true) in ('PLATFORM', 'SYSTEM'))
  with check (current_setting('app.kind', true) in ('PLATFORM', 'SYSTEM'));
create policy sweep on accounts.attempts for all to :"system" using (true) with check (true);
revoke delete on accounts.attempts from :"app";

-- -------------------------------------------------------------------------------------------------------------- signing_keys (platform)
-- The keys that sign access tokens; the private part is sealed, and only the kernel's own identity reads it.
create table accounts.signing_keys (
  id uuid primary key,
  private_key_sealed text not null,
  is_current boolean not null default true,
  created_at timestamptz(3) not null default now()
);
create unique index signing_keys_one_current on accounts.signing_keys (is_current) where is_current;
alter table accounts.signing_keys enable row level security;
alter table accounts.signing_keys force row level security;
-- Not even platform staff: a key is nobody's to read.
create policy platform_write on accounts.signing_keys for all
  using (current_setting('app.kind', true) = 'SYSTEM')
  with check (current_setting('app.kind', true) = 'SYSTEM');
revoke update, delete on accounts.signing_keys from :"app";

-- ----------------------------------------------------------------------------------------------------------------------- roles (tenant)
create table accounts.roles (
  store_id uuid not null,
  id uuid not null,
  key text,
  name text not null,
  permissions text[] not null default '{}',
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  primary key (store_id, id),
  constraint roles_name_unique unique (store_id, name),
  constraint roles_key_unique unique (store_id, key),
  constraint roles_key check (key in ('OWNER', 'ADMIN', 'MANAGER', 'AGENT')),
  -- The grants of a built-in role come with the program, so that a new permission reaches every store.
  constraint roles_built_in_has_no_list check (key is null or permissions = '{}')
);
alter table accounts.roles enable row level security;
alter table accounts.roles force row level security;
create policy store_isolation on accounts.roles for all
  using (store_id = nullif(current_setting('app.store_id', true), '')::uuid and current_setting('app.kind', true) in ('STAFF', 'API_KEY', 'PLATFORM', 'SYSTEM'))
  with check (store_id = nullif(current_setting('app.store_id', true), '')::uuid and current_setting('app.kind', true) in ('STAFF', 'API_KEY', 'PLATFORM', 'SYSTEM'));
create policy lookup on accounts.roles for select to :"lookup" using (true);
grant select on accounts.roles to :"lookup";

-- --------------------------------------------------------------------------------------------------------------------- members (tenant)
create table accounts.members (
  store_id uuid not null,
  id uuid not null,
  user_id uuid not null,
  role_id uuid not null,
  status text not null default 'ACTIVE',
  invited_email text,
  added_by uuid,
  invited_at timestamptz(3),
  joined_at timestamptz(3),
  suspended_at timestamptz(3),
  removed_at timestamptz(3),
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  primary key (store_id, id),
  constraint members_user_unique unique (store_id, user_id),
  constraint members_role foreign key (store_id, role_id) references accounts.roles (store_id, id),
  constraint members_status check (status in ('INVITED', 'ACTIVE', 'SUSPENDED', 'REMOVED')),
  constraint members_active_have_joined check (status <> 'ACTIVE' or joined_at is not null)
);
create index members_by_role on accounts.members (store_id, role_id);
create index members_of_user on accounts.members (user_id);
create index members_in_order on accounts.members (store_id, created_at, id);
alter table accounts.members enable row level security;
alter table accounts.members force row level security;
create policy store_isolation on accounts.members for all
  using (store_id = nullif(current_setting('app.store_id', true), '')::uuid and current_setting('app.kind', true) in ('STAFF', 'API_KEY', 'PLATFORM', 'SYSTEM'))
  with check (store_id = nullif(current_setting('app.store_id', true), '')::uuid and current_setting('app.kind', true) in ('STAFF', 'API_KEY', 'PLATFORM', 'SYSTEM'));
create policy lookup on accounts.members for select to :"lookup" using (true);
revoke delete on accounts.members from :"app";
grant select on accounts.members to :"lookup";

-- -------------------------------------------------------------------------------------------------------------------- api_keys (tenant)
create table accounts.api_keys (
  store_id uuid not null,
  id uuid not null,
  name text not null,
  prefix text not null,
  permissions text[] not null,
  created_by uuid,
  expires_at timestamptz(3),
  last_used_at timestamptz(3),
  revoked_at timestamptz(3),
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  primary key (store_id, id)
);
create index api_keys_in_order on accounts.api_keys (store_id, created_at desc, id desc);
alter table accounts.api_keys enable row level security;
alter table accounts.api_keys force row level security;
create policy store_isolation on accounts.api_keys for all
  using (store_id = nullif(current_setting('app.store_id', true), '')::uuid and current_setting('app.kind', true) in ('STAFF', 'API_KEY', 'PLATFORM', 'SYSTEM'))
  with check (store_id = nullif(current_setting('app.store_id', true), '')::uuid and current_setting('app.kind', true) in ('STAFF', 'API_KEY', 'PLATFORM', 'SYSTEM'));
create policy lookup on accounts.api_keys for select to :"lookup" using (true);
revoke update, delete on accounts.api_keys from :"app";
grant update (last_used_at, revoked_at, updated_at) on accounts.api_keys to :"app";
grant select on accounts.api_keys to :"lookup";

-- ------------------------------------------------------------------------------------------------------------- api_key_secrets (tenant)
-- Apart from the key's row, so that requests may write the hash and never read it.
create table accounts.api_key_secrets (
  store_id uuid not null,
  api_key_id uuid not null,
  secret_hash text not null,
  primary key (store_id, api_key_id),
  constraint api_key_secrets_key foreign key (store_id, api_key_id) references accounts.api_keys (store_id, id)
);
create index api_key_secrets_by_hash on accounts.api_key_secrets (secret_hash);
alter table accounts.api_key_secrets enable row level security;
alter table accounts.api_key_secrets force row level security;
create policy store_isolation on accounts.api_key_secrets for all
  using (store_id = nullif(current_setting('app.store_id', true), '')::uuid and current_setting('app.kind', true) in ('STAFF', 'API_KEY', 'PLATFORM', 'SYSTEM'))
  with check (store_id = nullif(current_setting('app.store_id', true), '')::uuid and current_setting('app.kind', true) in ('STAFF', 'API_KEY', 'PLATFORM', 'SYSTEM'));
create policy lookup on accounts.api_key_secrets for select to :"lookup" using (true);
revoke all on accounts.api_key_secrets from :"app";
grant insert on accounts.api_key_secrets to :"app";
grant select on accounts.api_key_secrets to :"lookup";

-- ------------------------------------------------------------------------------------------------------------------ activities (tenant)
create table accounts.activities (
  store_id uuid not null,
  id uuid not null,
  action text not null,
  resource_kind text,
  resource_id text,
  actor_kind text not null,
  actor_id text not null,
  request_id text,
  ip text,
  user_agent text,
  occurred_at timestamptz(3) not null,
  primary key (store_id, id)
);
create index activities_in_order on accounts.activities (store_id, occurred_at desc, id desc);
create index activities_of_actor on accounts.activities (store_id, actor_id, occurred_at desc, id desc);
create index activities_of_action on accounts.activities (store_id, action, occurred_at desc, id desc);
create index activities_of_resource on accounts.activities (store_id, resource_id, occurred_at desc, id desc);
create index activities_of_kind on accounts.activities (store_id, resource_kind, occurred_at desc, id desc);
alter table accounts.activities enable row level security;
alter table accounts.activities force row level security;
create policy store_isolation on accounts.activities for all
  using (store_id = nullif(current_setting('app.store_id', true), '')::uuid and current_setting('app.kind', true) in ('STAFF', 'API_KEY', 'PLATFORM', 'SYSTEM'))
  with check (store_id = nullif(current_setting('app.store_id', true), '')::uuid and current_setting('app.kind', true) in ('STAFF', 'API_KEY', 'PLATFORM', 'SYSTEM'));
revoke update, delete on accounts.activities from :"app";
