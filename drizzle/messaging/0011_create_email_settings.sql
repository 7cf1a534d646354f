-- From whom and through which server a store's mails go.
create table messaging.email_settings (
  store_id uuid not null,
  id uuid not null,
  from_name text,
  from_email text,
  reply_to text,
  signature text,
  -- Where the links to the store's shop lead.
  storefront_url text,
  provider text,
  smtp_host text,
  smtp_port integer,
  smtp_secure boolean,
  smtp_user text,
  smtp_password_sealed text,
  -- Of what is set now: another server or sender has to be verified anew.
  verified boolean not null,
  last_verified_at timestamptz(3),
  verification_error text,
  -- Grows with each change, so that what was tried with other settings is not taken for these.
  revision integer not null,
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  constraint email_settings_pkey primary key (store_id, id),
  constraint email_settings_one_key unique (store_id),
  constraint email_settings_provider_check check (provider in ('SMTP', 'SENDGRID', 'MAILGUN', 'SES')),
  constraint email_settings_smtp_check check (provider is distinct from 'SMTP' or (smtp_host is not null and smtp_port between 1 and 65535 and smtp_secure is not null and from_email is not null)),
  constraint email_settings_verified_check check (not verified or last_verified_at is not null)
);
alter table messaging.email_settings enable row level security;
alter table messaging.email_settings force row level security;
create policy store_isolation on messaging.email_settings for all
  using (store_id = nullif(current_setting('app.store_id', true), '')::uuid and current_setting('app.kind', true) in ('STAFF', 'API_KEY', 'PLATFORM', 'SYSTEM'))
  with check (store_id = nullif(current_setting('app.store_id', true), '')::uuid and current_setting('app.kind', true) in ('STAFF', 'API_KEY', 'PLATFORM', 'SYSTEM'));
