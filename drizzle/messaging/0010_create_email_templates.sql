-- What the platform's mails say: one row for each version of a template in a language. The newest that is active is sent.
create table messaging.email_templates (
  id uuid not null,
  code text not null,
  language text not null,
  version integer not null,
  category text not null,
  name text not null,
  description text not null,
  subject text not null,
  format text not null,
  source text not null,
  plain text,
  -- [{ name, description, required, sample }]
  variables jsonb not null,
  is_platform_only boolean not null,
  active boolean not null,
  -- Of all that a version says: a file that says what a version says already makes no new one.
  hash text not null,
  created_at timestamptz(3) not null default now(),
  constraint email_templates_pkey primary key (id),
  constraint email_templates_version_key unique (code, language, version),
  constraint email_templates_hash_key unique (code, language, hash),
  constraint email_templates_category_check check (category in ('AUTH', 'ORDERS', 'BILLING', 'SYSTEM', 'MARKETING')),
  constraint email_templates_format_check check (format in ('MJML', 'HTML')),
  constraint email_templates_version_check check (version > 0)
);
alter table messaging.email_templates enable row level security;
alter table messaging.email_templates force row level security;
create policy platform_write on messaging.email_templates for all
  using (current_setting('app.kind', true) in ('PLATFORM', 'SYSTEM'))
  with check (current_setting('app.kind', true) in ('PLATFORM', 'SYSTEM'));
-- They hold nothing of anybody's.
create policy platform_read on messaging.email_templates for select
  using (current_setting('app.kind', true) in ('STAFF', 'API_KEY'));

-- What a store's own mails say instead: of a template in a language one draft, one published, and those of before.
create table messaging.store_email_templates (
  store_id uuid not null,
  id uuid not null,
  code text not null,
  language text not null,
  version integer not null,
  status text not null,
  subject text not null,
  format text not null,
  source text not null,
  plain text,
  -- The platform's version that it was written from, and in which language that was.
  based_on_version integer not null,
  based_on_language text not null,
  published_at timestamptz(3),
  created_by_id uuid,
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  constraint store_email_templates_pkey primary key (store_id, id),
  constraint store_email_templates_version_key unique (store_id, code, language, version),
  constraint store_email_templates_status_check check (status in ('DRAFT', 'PUBLISHED', 'ARCHIVED')),
  constraint store_email_templates_format_check check (format in ('MJML', 'HTML')),
  constraint store_email_templates_published_check check (status = 'DRAFT' or published_at is not null)
);
create unique index store_email_templates_draft_key on messaging.store_email_templates (store_id, code, language) where status = 'DRAFT';
create unique index store_email_templates_published_key on messaging.store_email_templates (store_id, code, language) where status = 'PUBLISHED';
alter table messaging.store_email_templates enable row level security;
alter table messaging.store_email_templates force row level security;
create policy store_isolation on messaging.store_email_templates for all
  using (store_id = nullif(current_setting('app.store_id', true), '')::uuid and current_setting('app.kind', true) in ('STAFF', 'API_KEY', 'PLATFORM', 'SYSTEM'))
  with check (store_id = nullif(current_setting('app.store_id', true), '')::uuid and current_setting('app.kind', true) in ('STAFF', 'API_KEY', 'PLATFORM', 'SYSTEM'));
