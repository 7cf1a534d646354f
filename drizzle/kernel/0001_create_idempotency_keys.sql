-- The answers of commands by the caller's idempotency key, so that a call that is sent again is answered and not repeated.
-- Callers without a store or a subject stand under the nil uuid, since both are part of the key.
create table idempotency_keys (
  store_id uuid not null,
  subject uuid not null,
  operation text not null,
  key text not null,
  input_hash text not null,
  answer text,
  created_at timestamptz not null default now(),
  primary key (store_id, subject, operation, key)
);
create index idempotency_keys_created_at on idempotency_keys (created_at);

alter table idempotency_keys enable row level security;
alter table idempotency_keys force row level security;

create policy caller_own on idempotency_keys for all
  using (
    store_id = coalesce(nullif(current_setting('app.store_id', true), '')::uuid, '00000000-0000-0000-0000-000000000000')
    and (
      current_setting('app.kind', true) in ('STAFF', 'API_KEY', 'PLATFORM', 'SYSTEM')
      or current_setting('app.kind', true) = 'ANONYMOUS' and subject = '00000000-0000-0000-0000-000000000000'
      or current_setting('app.kind', true) = 'CUSTOMER' and subject = nullif(current_setting('app.customer_id', true), '')::uuid
    )
  )
  with check (
    store_id = coalesce(nullif(current_setting('app.store_id', true), '')::uuid, '00000000-0000-0000-0000-000000000000')
    and (
      current_setting('app.kind', true) in ('STAFF', 'API_KEY', 'PLATFORM', 'SYSTEM')
      or current_setting('app.kind', true) = 'ANONYMOUS' and subject = '00000000-0000-0000-0000-000000000000'
      or current_setting('app.kind', true) = 'CUSTOMER' and subject = nullif(current_setting('app.customer_id', true), '')::uuid
    )
  );
create policy system_sweep on idempotency_keys for all to :"system" using (true) with check (true);
