-- Invitations by e-mail address, known or not: one row for each address in a store. A member is who has accepted, so nobody is INVITED any more.

create table accounts.invitations (
  store_id uuid not null,
  id uuid not null,
  email text not null,
  role_id uuid not null,
  token_hash text not null,
  invited_by uuid,
  invited_at timestamptz(3) not null,
  sent_at timestamptz(3) not null,
  expires_at timestamptz(3) not null,
  accepted_at timestamptz(3),
  member_id uuid,
  revoked_at timestamptz(3),
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  primary key (store_id, id),
  constraint invitations_email_unique unique (store_id, email),
  constraint invitations_role foreign key (store_id, role_id) references accounts.roles (store_id, id),
  constraint invitations_member foreign key (store_id, member_id) references accounts.members (store_id, id),
  constraint invitations_email_length check (length(email) between 3 and 254),
  constraint invitations_accepted_by_a_member check ((accepted_at is null) = (member_id is null)),
  constraint invitations_end_once check (accepted_at is null or revoked_at is null)
);
create index invitations_in_order on accounts.invitations (store_id, invited_at desc, id desc);
create index invitations_by_role on accounts.invitations (store_id, role_id);
create index invitations_by_member on accounts.invitations (store_id, member_id);
-- Look-ups before the store is known.
create index invitations_by_hash on accounts.invitations (token_hash);
create index invitations_to_address on accounts.invitations (email) where accepted_at is null and revoked_at is null;
alter table accounts.invitations enable row level security;
alter table accounts.invitations force row level security;
create policy store_isolation on accounts.invitations for all
  using (store_id = nullif(current_setting('app.store_id', true), '')::uuid and current_setting('app.kind', true) in ('STAFF', 'API_KEY', 'PLATFORM', 'SYSTEM'))
  with check (store_id = nullif(current_setting('app.store_id', true), '')::uuid and current_setting('app.kind', true) in ('STAFF', 'API_KEY', 'PLATFORM', 'SYSTEM'));
create policy lookup on accounts.invitations for select to :"lookup" using (true);
-- The hash can be written and looked up by, never read.
revoke all on accounts.invitations from :"app";
grant select (store_id, id, email, role_id, invited_by, invited_at, sent_at, expires_at, accepted_at, member_id, revoked_at, created_at, updated_at)
  on accounts.invitations to :"app";
grant insert on accounts.invitations to :"app";
grant update (role_id, token_hash, invited_by, invited_at, sent_at, expires_at, accepted_at, member_id, revoked_at, updated_at) on accounts.invitations to :"app";
grant select on accounts.invitations to :"lookup";

-- Whoever was invited before as a member becomes an invitation whose link nobody has: it can be accepted by its verified address, or sent again.
alter table accounts.members no force row level security;
alter table accounts.invitations no force row level security;
insert into accounts.invitations (store_id, id, email, role_id, token_hash, invited_by, invited_at, sent_at, expires_at)
  select m.store_id, m.id, m.invited_email, m.role_id, encode(sha256(gen_random_uuid()::text::bytea), 'hex'), m.added_by, m.invited_at, m.invited_at, now() + interval '7 days'
  from accounts.members m where m.status = 'INVITED' and m.invited_email is not null and m.invited_at is not null
  on conflict do nothing;
update accounts.members set status = 'REMOVED', removed_at = coalesce(removed_at, now()) where status = 'INVITED';
alter table accounts.members force row level security;
alter table accounts.invitations force row level security;
alter table accounts.members drop constraint members_status;
alter table accounts.members add constraint members_status check (status in ('ACTIVE', 'SUSPENDED', 'REMOVED'));
alter table accounts.members add constraint members_suspended_since check (status <> 'SUSPENDED' or suspended_at is not null) not valid;
alter table accounts.members add constraint members_removed_since check (status <> 'REMOVED' or removed_at is not null) not valid;

-- Invitations are counted by the store that sends them and by the address that gets them, beside whatever else is counted by now.
do $$
declare
  counted text := (select pg_get_constraintdef(oid) from pg_constraint where conrelid = 'accounts.attempts'::regclass and conname = 'attempts_purpose');
begin
  alter table accounts.attempts drop constraint attempts_purpose;
  execute 'alter table accounts.attempts add constraint attempts_purpose ' || replace(counted, '''SIGN_UP''::text', '''SIGN_UP''::text, ''INVITATION''::text, ''INVITED_ADDRESS''::text');
end $$;

-- What a link leads to, by the hash of its token.
create function accounts.invitation_by_token(hash text)
returns table (id uuid, store_id uuid)
language sql stable security definer set search_path = pg_catalog, pg_temp
as $$
  select i.id, i.store_id from accounts.invitations i where i.token_hash = hash
$$;

-- The invitations that wait for the transaction's person, who has shown that the address is theirs. Whether they have expired is the caller's clock's to say.
create function accounts.own_invitations()
returns table (id uuid, invited_at timestamptz, expires_at timestamptz, role_name text,
  store_id uuid, store_slug text, store_name text, store_currency text, store_default_language text)
language sql stable security definer set search_path = pg_catalog, pg_temp
as $$
  select i.id, i.invited_at, i.expires_at, r.name, t.id, t.slug, t.name, t.currency, t.default_language
  from accounts.users u
  join accounts.invitations i on i.email = u.email and i.accepted_at is null and i.revoked_at is null
  join accounts.roles r on r.store_id = i.store_id and r.id = i.role_id
  join accounts.stores t on t.store_id = i.store_id and t.status = 'ACTIVE'
  where u.user_id = nullif(current_setting('app.user_id', true), '')::uuid and u.email_verified_at is not null
  order by i.invited_at desc, i.id desc
  limit 100
$$;

-- The member of the transaction's store with an address, among those whom the store knows: who has joined it once.
create function accounts.member_with_email(address text)
returns table (status text)
language sql stable security definer set search_path = pg_catalog, pg_temp
as $$
  select m.status
  from accounts.members m join accounts.users u on u.user_id = m.user_id
  where m.store_id = nullif(current_setting('app.store_id', true), '')::uuid and u.email = address and m.joined_at is not null
    and current_setting('app.kind', true) in ('STAFF', 'API_KEY', 'PLATFORM', 'SYSTEM')
$$;

drop function accounts.person_to_add(text);

alter function accounts.invitation_by_token(text) owner to :"lookup";
alter function accounts.own_invitations() owner to :"lookup";
alter function accounts.member_with_email(text) owner to :"lookup";
revoke all on function accounts.invitation_by_token(text), accounts.own_invitations(), accounts.member_with_email(text) from public;
grant execute on function accounts.invitation_by_token(text), accounts.own_invitations(), accounts.member_with_email(text) to :"app";
