-- What proves who somebody is beside the password: one-time tokens (an e-mail address, a new password, the way from the first factor to the
-- second), authenticator apps and backup codes. Hashes can be written and, through the functions of 0004, looked up by; requests can't read them.

-- --------------------------------------------------------------------------------------------------------------- one_time_tokens (user)
create table accounts.one_time_tokens (
  id uuid primary key,
  user_id uuid not null references accounts.users (user_id),
  purpose text not null,
  token_hash text not null,
  email text,
  store_id uuid,
  attempt_id uuid,
  tries integer not null default 0,
  created_at timestamptz(3) not null default now(),
  expires_at timestamptz(3) not null,
  used_at timestamptz(3),
  ended_at timestamptz(3),
  constraint one_time_tokens_hash_unique unique (token_hash),
  constraint one_time_tokens_purpose check (purpose in ('EMAIL_VERIFICATION', 'EMAIL_CHANGE', 'PASSWORD_RESET', 'LOG_IN_CHALLENGE')),
  constraint one_time_tokens_email check ((purpose in ('EMAIL_VERIFICATION', 'EMAIL_CHANGE')) = (email is not null) and length(email) between 3 and 254),
  constraint one_time_tokens_challenge check (purpose = 'LOG_IN_CHALLENGE' or (store_id is null and attempt_id is null and tries = 0)),
  constraint one_time_tokens_tries check (tries between 0 and 5),
  constraint one_time_tokens_one_end check (used_at is null or ended_at is null)
);
-- A new one ends the earlier. Challenges stand beside each other: a user may log in on two devices at once.
create unique index one_time_tokens_one_open on accounts.one_time_tokens (user_id, purpose)
  where used_at is null and ended_at is null and purpose <> 'LOG_IN_CHALLENGE';
create index one_time_tokens_of_user on accounts.one_time_tokens (user_id, created_at desc);
create index one_time_tokens_by_expiry on accounts.one_time_tokens (expires_at);
alter table accounts.one_time_tokens enable row level security;
alter table accounts.one_time_tokens force row level security;
create policy user_own on accounts.one_time_tokens for all
  using (user_id = nullif(current_setting('app.user_id', true), '')::uuid or current_setting('app.kind', true) in ('SYSTEM'))
  with check (user_id = nullif(current_setting('app.user_id', true), '')::uuid or current_setting('app.kind', true) in ('SYSTEM'));
create policy lookup on accounts.one_time_tokens for all to :"lookup" using (true) with check (true);
create policy sweep on accounts.one_time_tokens for all to :"system" using (true) with check (true);
revoke all on accounts.one_time_tokens from :"app";
grant select (id, user_id, purpose, email, store_id, attempt_id, tries, created_at, expires_at, used_at, ended_at) on accounts.one_time_tokens to :"app";
grant insert on accounts.one_time_tokens to :"app";
grant update (tries, used_at, ended_at) on accounts.one_time_tokens to :"app";
grant select on accounts.one_time_tokens to :"lookup";
grant update (used_at, ended_at) on accounts.one_time_tokens to :"lookup";

-- ------------------------------------------------------------------------------------------------------------------ totp_devices (user)
-- Authenticator apps. Only a confirmed one is asked for at log-in; `last_step` is the time step whose code was taken last, and no code of it or of
-- an earlier one is taken again.
create table accounts.totp_devices (
  id uuid primary key,
  user_id uuid not null references accounts.users (user_id),
  name text not null,
  secret_sealed text not null,
  confirmed_at timestamptz(3),
  last_step bigint,
  last_used_at timestamptz(3),
  created_at timestamptz(3) not null default now(),
  constraint totp_devices_name check (length(name) between 1 and 100),
  constraint totp_devices_confirmed_by_a_code check (confirmed_at is null or last_step is not null)
);
create index totp_devices_of_user on accounts.totp_devices (user_id, created_at);
alter table accounts.totp_devices enable row level security;
alter table accounts.totp_devices force row level security;
create policy user_own on accounts.totp_devices for all
  using (user_id = nullif(current_setting('app.user_id', true), '')::uuid or current_setting('app.kind', true) in ('SYSTEM'))
  with check (user_id = nullif(current_setting('app.user_id', true), '')::uuid or current_setting('app.kind', true) in ('SYSTEM'));
create policy lookup on accounts.totp_devices for select to :"lookup" using (true);
create policy sweep on accounts.totp_devices for all to :"system" using (true) with check (true);
revoke update on accounts.totp_devices from :"app";
grant update (confirmed_at, last_step, last_used_at) on accounts.totp_devices to :"app";
grant select on accounts.totp_devices to :"lookup";

-- ------------------------------------------------------------------------------------------------------------------ backup_codes (user)
create table accounts.backup_codes (
  id uuid primary key,
  user_id uuid not null references accounts.users (user_id),
  code_hash text not null,
  used_at timestamptz(3),
  created_at timestamptz(3) not null default now(),
  constraint backup_codes_hash_unique unique (user_id, code_hash)
);
alter table accounts.backup_codes enable row level security;
alter table accounts.backup_codes force row level security;
create policy user_own on accounts.backup_codes for all
  using (user_id = nullif(current_setting('app.user_id', true), '')::uuid or current_setting('app.kind', true) in ('SYSTEM'))
  with check (user_id = nullif(current_setting('app.user_id', true), '')::uuid or current_setting('app.kind', true) in ('SYSTEM'));
create policy lookup on accounts.backup_codes for all to :"lookup" using (true) with check (true);
revoke all on accounts.backup_codes from :"app";
grant select (id, user_id, used_at, created_at) on accounts.backup_codes to :"app";
grant insert, delete on accounts.backup_codes to :"app";
grant select on accounts.backup_codes to :"lookup";
grant update (used_at) on accounts.backup_codes to :"lookup";

-- -------------------------------------------------------------------------------------------------------------------------- what changes
-- Counts the changes, so that a log-in that was checked against an earlier password can't end in a session.
alter table accounts.passwords add column generation integer not null default 1;
grant select (user_id, changed_at, generation) on accounts.passwords to :"app";
grant update (hash, changed_at, generation) on accounts.passwords to :"app";

alter table accounts.sessions add column last_ip text;
alter table accounts.sessions drop constraint sessions_revoked_reason;
alter table accounts.sessions add constraint sessions_revoked_reason
  check (revoked_reason in ('LOGGED_OUT', 'TOKEN_REUSED', 'REVOKED', 'PASSWORD_CHANGED', 'PASSWORD_RESET'));
create index sessions_live_of_user on accounts.sessions (user_id) where revoked_at is null;

-- Whose account it was, where the address typed had one: what was tried on it is shown to that person.
alter table accounts.attempts add column user_id uuid;
alter table accounts.attempts add column user_agent text;
alter table accounts.attempts drop constraint attempts_purpose;
alter table accounts.attempts add constraint attempts_purpose
  check (purpose in ('LOG_IN', 'SECOND_FACTOR', 'REAUTHENTICATION', 'PASSWORD_RESET', 'TOKEN', 'MAIL', 'SIGN_UP', 'MEMBER_CREATE'));
alter table accounts.attempts drop constraint attempts_outcome;
alter table accounts.attempts add constraint attempts_outcome check (outcome in ('FAILED', 'CHALLENGED', 'SUCCEEDED', 'NONE'));
create index attempts_of_user on accounts.attempts (user_id, attempted_at desc, id desc) where purpose = 'LOG_IN';
