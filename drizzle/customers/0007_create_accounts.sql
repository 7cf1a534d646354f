-- Log-ins of a store's shoppers: unlike the people who work on the platform, they belong to the store.
--
-- Secrets (password and token hashes) stand in tables or columns that the role of requests may write and not read: the functions of 0008 look
-- them up. `customer_lookup` admits the owner of those functions, `sweep` the role of nightly jobs.

-- Whether the store trades: nobody is logged in to one that does not.
alter table customers.stores add column trading boolean not null default true;

-- An account to be, for as long as its address waits to be verified. Several may wait with one address: whoever owns it decides.
create table customers.sign_ups (
  store_id uuid not null,
  id uuid not null,
  email text not null,
  password_hash text not null,
  first_name text,
  last_name text,
  language text,
  -- What the person agreed to, with its evidence, until there is a customer who did: JSON.
  consents text,
  created_at timestamptz(3) not null default now(),
  expires_at timestamptz(3) not null,
  constraint sign_ups_pkey primary key (store_id, id)
);
create index sign_ups_email_index on customers.sign_ups (store_id, email, created_at desc);
create index sign_ups_expiry_index on customers.sign_ups (expires_at);
alter table customers.sign_ups enable row level security;
alter table customers.sign_ups force row level security;
create policy store_isolation on customers.sign_ups for all
  using (store_id = nullif(current_setting('app.store_id', true), '')::uuid and current_setting('app.kind', true) in ('STAFF', 'API_KEY', 'PLATFORM', 'SYSTEM'))
  with check (store_id = nullif(current_setting('app.store_id', true), '')::uuid and current_setting('app.kind', true) in ('STAFF', 'API_KEY', 'PLATFORM', 'SYSTEM'));
create policy customer_lookup on customers.sign_ups for select to :"lookup" using (true);
create policy sweep on customers.sign_ups for all to :"system" using (true) with check (true);
revoke all on customers.sign_ups from :"app";
grant select (store_id, id, email, first_name, last_name, language, consents, created_at, expires_at) on customers.sign_ups to :"app";
grant insert, delete on customers.sign_ups to :"app";
grant select on customers.sign_ups to :"lookup";

-- That a customer can log in: with any verified e-mail address among its contact points, each of which is one customer's.
create table customers.accounts (
  store_id uuid not null,
  id uuid not null,
  customer_id uuid not null,
  created_at timestamptz(3) not null default now(),
  last_log_in_at timestamptz(3),
  password_changed_at timestamptz(3) not null default now(),
  constraint accounts_pkey primary key (store_id, id),
  constraint accounts_customer_key unique (store_id, customer_id),
  constraint accounts_customer_fkey foreign key (store_id, customer_id) references customers.customers (store_id, id) on delete cascade
);
alter table customers.accounts enable row level security;
alter table customers.accounts force row level security;
create policy store_isolation on customers.accounts for all
  using (store_id = nullif(current_setting('app.store_id', true), '')::uuid and current_setting('app.kind', true) in ('STAFF', 'API_KEY', 'PLATFORM', 'SYSTEM'))
  with check (store_id = nullif(current_setting('app.store_id', true), '')::uuid and current_setting('app.kind', true) in ('STAFF', 'API_KEY', 'PLATFORM', 'SYSTEM'));
create policy customer_own on customers.accounts for select
  using (store_id = nullif(current_setting('app.store_id', true), '')::uuid and current_setting('app.kind', true) = 'CUSTOMER' and customer_id = nullif(current_setting('app.customer_id', true), '')::uuid);
create policy customer_lookup on customers.accounts for select to :"lookup" using (true);
grant select on customers.accounts to :"lookup";

-- Apart from the account, so that no select of one can hold it.
create table customers.passwords (
  store_id uuid not null,
  account_id uuid not null,
  hash text not null,
  constraint passwords_pkey primary key (store_id, account_id),
  constraint passwords_account_fkey foreign key (store_id, account_id) references customers.accounts (store_id, id) on delete cascade
);
alter table customers.passwords enable row level security;
alter table customers.passwords force row level security;
create policy store_isolation on customers.passwords for all
  using (store_id = nullif(current_setting('app.store_id', true), '')::uuid and current_setting('app.kind', true) in ('STAFF', 'API_KEY', 'PLATFORM', 'SYSTEM'))
  with check (store_id = nullif(current_setting('app.store_id', true), '')::uuid and current_setting('app.kind', true) in ('STAFF', 'API_KEY', 'PLATFORM', 'SYSTEM'));
create policy customer_lookup on customers.passwords for select to :"lookup" using (true);
revoke all on customers.passwords from :"app";
grant select (store_id, account_id) on customers.passwords to :"app";
grant insert, update (hash) on customers.passwords to :"app";
grant select on customers.passwords to :"lookup";

-- What a link in an e-mail is good for, once. The one of a reset that was asked for with an address of nobody's belongs to no account.
create table customers.one_time_tokens (
  store_id uuid not null,
  id uuid not null,
  purpose text not null,
  sign_up_id uuid,
  account_id uuid,
  token_hash text not null,
  created_at timestamptz(3) not null default now(),
  expires_at timestamptz(3) not null,
  used_at timestamptz(3),
  -- By a newer one, or another password.
  ended_at timestamptz(3),
  constraint one_time_tokens_pkey primary key (store_id, id),
  constraint one_time_tokens_hash_key unique (store_id, token_hash),
  constraint one_time_tokens_sign_up_fkey foreign key (store_id, sign_up_id) references customers.sign_ups (store_id, id) on delete cascade,
  constraint one_time_tokens_account_fkey foreign key (store_id, account_id) references customers.accounts (store_id, id) on delete cascade,
  constraint one_time_tokens_purpose_check check (purpose in ('EMAIL_VERIFICATION', 'PASSWORD_RESET')),
  constraint one_time_tokens_subject_check check (
    case purpose when 'EMAIL_VERIFICATION' then account_id is null else sign_up_id is null end
  )
);
create index one_time_tokens_sign_up_index on customers.one_time_tokens (store_id, sign_up_id);
create index one_time_tokens_account_index on customers.one_time_tokens (store_id, account_id);
create index one_time_tokens_expiry_index on customers.one_time_tokens (expires_at);
alter table customers.one_time_tokens enable row level security;
alter table customers.one_time_tokens force row level security;
create policy store_isolation on customers.one_time_tokens for all
  using (store_id = nullif(current_setting('app.store_id', true), '')::uuid and current_setting('app.kind', true) in ('STAFF', 'API_KEY', 'PLATFORM', 'SYSTEM'))
  with check (store_id = nullif(current_setting('app.store_id', true), '')::uuid and current_setting('app.kind', true) in ('STAFF', 'API_KEY', 'PLATFORM', 'SYSTEM'));
create policy customer_lookup on customers.one_time_tokens for select to :"lookup" using (true);
create policy sweep on customers.one_time_tokens for all to :"system" using (true) with check (true);
revoke all on customers.one_time_tokens from :"app";
grant select (store_id, id, purpose, sign_up_id, account_id, created_at, expires_at, used_at, ended_at) on customers.one_time_tokens to :"app";
grant insert, delete, update (used_at, ended_at) on customers.one_time_tokens to :"app";
grant select on customers.one_time_tokens to :"lookup";

-- A family of refresh tokens: one log-in on one device.
create table customers.sessions (
  store_id uuid not null,
  id uuid not null,
  account_id uuid not null,
  customer_id uuid not null,
  ip text,
  user_agent text,
  created_at timestamptz(3) not null default now(),
  last_used_at timestamptz(3) not null default now(),
  expires_at timestamptz(3) not null,
  revoked_at timestamptz(3),
  revoked_reason text,
  constraint sessions_pkey primary key (store_id, id),
  constraint sessions_account_fkey foreign key (store_id, account_id) references customers.accounts (store_id, id) on delete cascade,
  constraint sessions_revoked_check check ((revoked_at is null) = (revoked_reason is null)),
  constraint sessions_revoked_reason_check check (revoked_reason in ('LOGGED_OUT', 'TOKEN_REUSED', 'PASSWORD_CHANGED', 'CUSTOMER_DISABLED', 'CUSTOMER_MERGED'))
);
create index sessions_account_index on customers.sessions (store_id, account_id, last_used_at desc);
create index sessions_customer_index on customers.sessions (store_id, customer_id);
create index sessions_expiry_index on customers.sessions (expires_at);
alter table customers.sessions enable row level security;
alter table customers.sessions force row level security;
create policy store_isolation on customers.sessions for all
  using (store_id = nullif(current_setting('app.store_id', true), '')::uuid and current_setting('app.kind', true) in ('STAFF', 'API_KEY', 'PLATFORM', 'SYSTEM'))
  with check (store_id = nullif(current_setting('app.store_id', true), '')::uuid and current_setting('app.kind', true) in ('STAFF', 'API_KEY', 'PLATFORM', 'SYSTEM'));
create policy customer_own on customers.sessions for select
  using (store_id = nullif(current_setting('app.store_id', true), '')::uuid and current_setting('app.kind', true) = 'CUSTOMER' and customer_id = nullif(current_setting('app.customer_id', true), '')::uuid);
create policy sweep on customers.sessions for all to :"system" using (true) with check (true);

create table customers.refresh_tokens (
  store_id uuid not null,
  id uuid not null,
  session_id uuid not null,
  token_hash text not null,
  issued_at timestamptz(3) not null default now(),
  expires_at timestamptz(3) not null,
  used_at timestamptz(3),
  successor_sealed text,
  constraint refresh_tokens_pkey primary key (store_id, id),
  constraint refresh_tokens_hash_key unique (store_id, token_hash),
  constraint refresh_tokens_session_fkey foreign key (store_id, session_id) references customers.sessions (store_id, id) on delete cascade
);
create index refresh_tokens_session_index on customers.refresh_tokens (store_id, session_id);
create index refresh_tokens_expiry_index on customers.refresh_tokens (expires_at);
alter table customers.refresh_tokens enable row level security;
alter table customers.refresh_tokens force row level security;
create policy store_isolation on customers.refresh_tokens for all
  using (store_id = nullif(current_setting('app.store_id', true), '')::uuid and current_setting('app.kind', true) in ('STAFF', 'API_KEY', 'PLATFORM', 'SYSTEM'))
  with check (store_id = nullif(current_setting('app.store_id', true), '')::uuid and current_setting('app.kind', true) in ('STAFF', 'API_KEY', 'PLATFORM', 'SYSTEM'));
create policy customer_lookup on customers.refresh_tokens for select to :"lookup" using (true);
create policy sweep on customers.refresh_tokens for all to :"system" using (true) with check (true);
revoke all on customers.refresh_tokens from :"app";
grant select (store_id, id, session_id, issued_at, expires_at, used_at, successor_sealed) on customers.refresh_tokens to :"app";
grant insert, update (used_at, successor_sealed) on customers.refresh_tokens to :"app";
grant select on customers.refresh_tokens to :"lookup";

-- Counts log-ins, sign-ups and requests for links by what was typed and by address, whether or not there is an account: the subject is a digest.
-- No outcome: under way, or given up before there was a verdict.
create table customers.attempts (
  store_id uuid not null,
  id uuid not null,
  purpose text not null,
  subject_key text not null,
  ip text,
  outcome text,
  attempted_at timestamptz(3) not null default now(),
  constraint attempts_pkey primary key (store_id, id),
  constraint attempts_purpose_check check (purpose in ('LOG_IN', 'SIGN_UP', 'EMAIL_VERIFICATION', 'PASSWORD_RESET')),
  constraint attempts_outcome_check check (outcome in ('FAILED', 'SUCCEEDED', 'NONE'))
);
create index attempts_subject_index on customers.attempts (store_id, purpose, subject_key, attempted_at);
create index attempts_address_index on customers.attempts (store_id, purpose, ip, attempted_at);
create index attempts_time_index on customers.attempts (attempted_at);
alter table customers.attempts enable row level security;
alter table customers.attempts force row level security;
create policy store_isolation on customers.attempts for all
  using (store_id = nullif(current_setting('app.store_id', true), '')::uuid and current_setting('app.kind', true) in ('STAFF', 'API_KEY', 'PLATFORM', 'SYSTEM'))
  with check (store_id = nullif(current_setting('app.store_id', true), '')::uuid and current_setting('app.kind', true) in ('STAFF', 'API_KEY', 'PLATFORM', 'SYSTEM'));
create policy sweep on customers.attempts for all to :"system" using (true) with check (true);
revoke delete on customers.attempts from :"app";
