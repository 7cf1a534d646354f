-- The keys that sign customers' access tokens. The private part is sealed, and only the kernel's own identity reads it. What a key is for follows
-- from the times of all: each signs from its own until the next one's.
create table customers.signing_keys (
  id uuid primary key,
  private_key_sealed text not null,
  signs_from timestamptz(3) not null,
  created_at timestamptz(3) not null default now()
);
alter table customers.signing_keys enable row level security;
alter table customers.signing_keys force row level security;
-- Not even platform staff: a key is nobody's to read.
create policy platform_write on customers.signing_keys for all
  using (current_setting('app.kind', true) = 'SYSTEM')
  with check (current_setting('app.kind', true) = 'SYSTEM');
revoke update on customers.signing_keys from :"app";
