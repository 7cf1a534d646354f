-- The only readers of password and token hashes. Each takes the store from the transaction's setting, and answers nobody but the kernel, as whom
-- the domain acts for a shopper who is yet to be told apart.
grant select (source, verified_at) on customers.contact_points to :"lookup";
grant select (status) on customers.customers to :"lookup";

-- The account that an e-mail address logs in to: a verified one of its customer's.
create function customers.log_in_candidate(email_address text)
returns table (account_id uuid, customer_id uuid, password_hash text, active boolean)
language sql stable security definer set search_path = pg_catalog, pg_temp
as $$
  select a.id, a.customer_id, p.hash, c.status = 'ACTIVE'
  from customers.contact_points e
  join customers.accounts a on a.store_id = e.store_id and a.customer_id = e.customer_id
  join customers.passwords p on p.store_id = a.store_id and p.account_id = a.id
  join customers.customers c on c.store_id = a.store_id and c.id = a.customer_id
  where e.store_id = nullif(current_setting('app.store_id', true), '')::uuid and current_setting('app.kind', true) = 'SYSTEM'
    and e.channel = 'EMAIL' and e.source = '' and e.address = email_address and e.verified_at is not null
$$;

-- The password of a customer who is logged in.
create function customers.password_of(customer uuid)
returns table (account_id uuid, password_hash text)
language sql stable security definer set search_path = pg_catalog, pg_temp
as $$
  select a.id, p.hash
  from customers.accounts a join customers.passwords p on p.store_id = a.store_id and p.account_id = a.id
  where a.store_id = nullif(current_setting('app.store_id', true), '')::uuid and current_setting('app.kind', true) = 'SYSTEM' and a.customer_id = customer
$$;

-- The sign-up that a link verifies.
create function customers.sign_up_of_token(hash text)
returns table (token_id uuid, expires_at timestamptz, used_at timestamptz, ended_at timestamptz, sign_up_id uuid, email text, password_hash text)
language sql stable security definer set search_path = pg_catalog, pg_temp
as $$
  select t.id, t.expires_at, t.used_at, t.ended_at, s.id, s.email, s.password_hash
  from customers.one_time_tokens t join customers.sign_ups s on s.store_id = t.store_id and s.id = t.sign_up_id
  where t.store_id = nullif(current_setting('app.store_id', true), '')::uuid and current_setting('app.kind', true) = 'SYSTEM'
    and t.token_hash = hash and t.purpose = 'EMAIL_VERIFICATION'
$$;

-- The account whose password a link resets.
create function customers.reset_of_token(hash text)
returns table (token_id uuid, expires_at timestamptz, used_at timestamptz, ended_at timestamptz, account_id uuid, customer_id uuid)
language sql stable security definer set search_path = pg_catalog, pg_temp
as $$
  select t.id, t.expires_at, t.used_at, t.ended_at, a.id, a.customer_id
  from customers.one_time_tokens t join customers.accounts a on a.store_id = t.store_id and a.id = t.account_id
  where t.store_id = nullif(current_setting('app.store_id', true), '')::uuid and current_setting('app.kind', true) = 'SYSTEM'
    and t.token_hash = hash and t.purpose = 'PASSWORD_RESET'
$$;

-- Whose refresh token this is.
create function customers.refresh_token_owner(hash text)
returns table (token_id uuid, session_id uuid)
language sql stable security definer set search_path = pg_catalog, pg_temp
as $$
  select t.id, t.session_id from customers.refresh_tokens t
  where t.store_id = nullif(current_setting('app.store_id', true), '')::uuid and current_setting('app.kind', true) = 'SYSTEM' and t.token_hash = hash
$$;

alter function customers.log_in_candidate(text) owner to :"lookup";
alter function customers.password_of(uuid) owner to :"lookup";
alter function customers.sign_up_of_token(text) owner to :"lookup";
alter function customers.reset_of_token(text) owner to :"lookup";
alter function customers.refresh_token_owner(text) owner to :"lookup";
revoke all on function customers.log_in_candidate(text), customers.password_of(uuid), customers.sign_up_of_token(text), customers.reset_of_token(text),
  customers.refresh_token_owner(text) from public;
grant execute on function customers.log_in_candidate(text), customers.password_of(uuid), customers.sign_up_of_token(text), customers.reset_of_token(text),
  customers.refresh_token_owner(text) to :"app";
