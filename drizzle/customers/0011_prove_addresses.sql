-- An e-mail address logs in where a link that was mailed there showed that its customer reads it: what staff note as verified is their word, which
-- must not open an account to whoever has the mailbox.
alter table customers.contact_points add column proven_at timestamptz(3);
-- Until now both were one. Whoever can log in still can.
alter table customers.contact_points no force row level security;
alter table customers.accounts no force row level security;
update customers.contact_points p set proven_at = p.verified_at
  where p.channel = 'EMAIL' and exists (select from customers.accounts a where a.store_id = p.store_id and a.customer_id = p.customer_id);
alter table customers.accounts force row level security;
alter table customers.contact_points force row level security;
alter table customers.contact_points add constraint contact_points_proven_check
  check (proven_at is null or (channel = 'EMAIL' and verified_at is not null));
grant select (id, proven_at) on customers.contact_points to :"lookup";

-- The contact point to which a reset's link went: the link is good for as long as that logs in to the account.
alter table customers.one_time_tokens add column contact_point_id uuid;
alter table customers.one_time_tokens add constraint one_time_tokens_contact_point_check check (contact_point_id is null or purpose = 'PASSWORD_RESET');

-- The account that an e-mail address logs in to: a proven one of its customer's.
create or replace function customers.log_in_candidate(email_address text)
returns table (account_id uuid, customer_id uuid, password_hash text, active boolean)
language sql stable security definer set search_path = pg_catalog, pg_temp
as $$
  select a.id, a.customer_id, p.hash, c.status = 'ACTIVE'
  from customers.contact_points e
  join customers.accounts a on a.store_id = e.store_id and a.customer_id = e.customer_id
  join customers.passwords p on p.store_id = a.store_id and p.account_id = a.id
  join customers.customers c on c.store_id = a.store_id and c.id = a.customer_id
  where e.store_id = nullif(current_setting('app.store_id', true), '')::uuid and current_setting('app.kind', true) = 'SYSTEM'
    and e.channel = 'EMAIL' and e.source = '' and e.address = email_address and e.proven_at is not null
$$;

-- The account whose password a link resets: none once the address that it went to has left the account's customer.
create or replace function customers.reset_of_token(hash text)
returns table (token_id uuid, expires_at timestamptz, used_at timestamptz, ended_at timestamptz, account_id uuid, customer_id uuid)
language sql stable security definer set search_path = pg_catalog, pg_temp
as $$
  select t.id, t.expires_at, t.used_at, t.ended_at, a.id, a.customer_id
  from customers.one_time_tokens t
  join customers.accounts a on a.store_id = t.store_id and a.id = t.account_id
  join customers.contact_points e on e.store_id = t.store_id and e.id = t.contact_point_id and e.customer_id = a.customer_id
  where t.store_id = nullif(current_setting('app.store_id', true), '')::uuid and current_setting('app.kind', true) = 'SYSTEM'
    and t.token_hash = hash and t.purpose = 'PASSWORD_RESET' and e.proven_at is not null
$$;
