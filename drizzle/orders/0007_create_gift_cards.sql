create table orders.gift_cards (
  store_id uuid not null,
  id uuid not null,
  kind text not null,
  customer_id uuid,
  code_hash text,
  last_four text,
  currency text not null,
  initial bigint not null,
  balance bigint not null,
  held bigint not null,
  version integer not null,
  expires_at timestamptz(3),
  disabled_at timestamptz(3),
  recipient_name text,
  -- Row-level security lets a range reach its index, and a pattern not.
  search_name text collate "C" generated always as (lower(recipient_name)) stored,
  recipient_email text,
  sender_name text,
  message text,
  note text,
  tags text[] not null default '{}',
  requester text,
  request_key text,
  issued_at timestamptz(3) not null,
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  constraint gift_cards_pkey primary key (store_id, id),
  constraint gift_cards_code_key unique (store_id, code_hash),
  -- Whoever asks twice under one key is given one card.
  constraint gift_cards_request_key unique (store_id, requester, request_key),
  constraint gift_cards_kind_check check (kind in ('GIFT_CARD', 'STORE_CREDIT')),
  constraint gift_cards_code_check check ((kind = 'GIFT_CARD') = (code_hash is not null) and (code_hash is null) = (last_four is null)),
  constraint gift_cards_customer_check check (kind = 'GIFT_CARD' or customer_id is not null),
  constraint gift_cards_currency_check check (currency ~ '^[A-Z]{3}$'),
  constraint gift_cards_initial_check check (initial > 0),
  -- Never below zero, and never promised more than there is, whatever runs at the same time.
  constraint gift_cards_balance_check check (balance between 0 and 9007199254740991),
  constraint gift_cards_held_check check (held between 0 and balance),
  constraint gift_cards_version_check check (version > 0),
  constraint gift_cards_request_check check ((requester is null) = (request_key is null))
);
create index gift_cards_customer_index on orders.gift_cards (store_id, customer_id, id) where customer_id is not null;
create index gift_cards_last_four_index on orders.gift_cards (store_id, last_four, id) where last_four is not null;
create index gift_cards_currency_index on orders.gift_cards (store_id, currency, id);
create index gift_cards_kind_index on orders.gift_cards (store_id, kind, id);
create index gift_cards_email_index on orders.gift_cards (store_id, recipient_email, id) where recipient_email is not null;
create index gift_cards_name_index on orders.gift_cards (store_id, search_name, id) where search_name is not null;
-- The states of a card that are few among many.
create index gift_cards_disabled_index on orders.gift_cards (store_id, id) where disabled_at is not null;
create index gift_cards_open_index on orders.gift_cards (store_id, id) include (expires_at, disabled_at) where balance > 0;
-- What the policy of a store may write off, and what has expired.
create index gift_cards_expiry_index on orders.gift_cards (store_id, expires_at, id) where expires_at is not null;
alter table orders.gift_cards enable row level security;
alter table orders.gift_cards force row level security;
create policy store_isolation on orders.gift_cards for all
  using (store_id = nullif(current_setting('app.store_id', true), '')::uuid and current_setting('app.kind', true) in ('STAFF', 'API_KEY', 'PLATFORM', 'SYSTEM'))
  with check (store_id = nullif(current_setting('app.store_id', true), '')::uuid and current_setting('app.kind', true) in ('STAFF', 'API_KEY', 'PLATFORM', 'SYSTEM'));
create policy customer_own on orders.gift_cards for select
  using (store_id = nullif(current_setting('app.store_id', true), '')::uuid and current_setting('app.kind', true) in ('CUSTOMER') and customer_id = nullif(current_setting('app.customer_id', true), '')::uuid);
create policy sweep on orders.gift_cards for select to :"system" using (true);
revoke delete on orders.gift_cards from :"app";

-- The sums of a card's amounts and held amounts are its balance and what it holds.
create table orders.gift_card_entries (
  store_id uuid not null,
  id uuid not null,
  card_id uuid not null,
  customer_id uuid,
  sequence integer not null,
  kind text not null,
  amount bigint not null,
  held bigint not null,
  balance bigint not null,
  order_id uuid,
  hold_id uuid,
  refund_id uuid,
  reason text,
  actor_kind text not null,
  actor_id text,
  occurred_at timestamptz(3) not null,
  constraint gift_card_entries_pkey primary key (store_id, id),
  -- Two entries can't follow the same one.
  constraint gift_card_entries_sequence_key unique (store_id, card_id, sequence),
  constraint gift_card_entries_card_fkey foreign key (store_id, card_id) references orders.gift_cards (store_id, id),
  constraint gift_card_entries_balance_check check (balance >= 0),
  constraint gift_card_entries_kind_check check (
    case kind
      when 'ISSUE' then amount > 0 and held = 0 and sequence = 1
      when 'HOLD' then amount = 0 and held > 0
      when 'RELEASE' then amount = 0 and held < 0
      when 'CAPTURE' then amount < 0 and held = amount
      when 'REFUND' then amount > 0 and held = 0 and refund_id is not null
      when 'ADJUST' then amount <> 0 and held = 0 and reason is not null
      when 'EXPIRE' then amount < 0 and held = 0
      when 'DISABLE' then amount = 0 and held = 0
      when 'ENABLE' then amount = 0 and held = 0
      when 'EXPIRY_SET' then amount = 0 and held = 0
      when 'CODE_REPLACE' then amount = 0 and held = 0
      else false
    end
  ),
  constraint gift_card_entries_order_check check (kind not in ('HOLD', 'RELEASE', 'CAPTURE') or (order_id is not null and hold_id is not null))
);
alter table orders.gift_card_entries enable row level security;
alter table orders.gift_card_entries force row level security;
create policy store_isolation on orders.gift_card_entries for all
  using (store_id = nullif(current_setting('app.store_id', true), '')::uuid and current_setting('app.kind', true) in ('STAFF', 'API_KEY', 'PLATFORM', 'SYSTEM'))
  with check (store_id = nullif(current_setting('app.store_id', true), '')::uuid and current_setting('app.kind', true) in ('STAFF', 'API_KEY', 'PLATFORM', 'SYSTEM'));
create policy customer_own on orders.gift_card_entries for select
  using (store_id = nullif(current_setting('app.store_id', true), '')::uuid and current_setting('app.kind', true) in ('CUSTOMER') and customer_id = nullif(current_setting('app.customer_id', true), '')::uuid);
revoke update, delete on orders.gift_card_entries from :"app";

create table orders.gift_card_holds (
  store_id uuid not null,
  id uuid not null,
  card_id uuid not null,
  order_id uuid not null,
  customer_id uuid,
  amount bigint not null,
  captured bigint not null,
  released_at timestamptz(3),
  created_at timestamptz(3) not null default now(),
  constraint gift_card_holds_pkey primary key (store_id, id),
  constraint gift_card_holds_card_fkey foreign key (store_id, card_id) references orders.gift_cards (store_id, id),
  constraint gift_card_holds_order_fkey foreign key (store_id, order_id) references orders.orders (store_id, id),
  constraint gift_card_holds_amount_check check (amount > 0),
  constraint gift_card_holds_captured_check check (captured between 0 and amount),
  constraint gift_card_holds_released_check check (released_at is null or captured < amount)
);
create index gift_card_holds_card_index on orders.gift_card_holds (store_id, card_id);
create index gift_card_holds_order_index on orders.gift_card_holds (store_id, order_id);
alter table orders.gift_card_holds enable row level security;
alter table orders.gift_card_holds force row level security;
create policy store_isolation on orders.gift_card_holds for all
  using (store_id = nullif(current_setting('app.store_id', true), '')::uuid and current_setting('app.kind', true) in ('STAFF', 'API_KEY', 'PLATFORM', 'SYSTEM'))
  with check (store_id = nullif(current_setting('app.store_id', true), '')::uuid and current_setting('app.kind', true) in ('STAFF', 'API_KEY', 'PLATFORM', 'SYSTEM'));
create policy customer_own on orders.gift_card_holds for select
  using (store_id = nullif(current_setting('app.store_id', true), '')::uuid and current_setting('app.kind', true) in ('CUSTOMER') and customer_id = nullif(current_setting('app.customer_id', true), '')::uuid);
revoke delete on orders.gift_card_holds from :"app";

-- What a store owes is the sum of these rows: one for each entry that moves money, folded now and then. No two cards wait for each other.
create table orders.gift_card_totals (
  store_id uuid not null,
  id uuid not null,
  currency text not null,
  kind text not null,
  cards bigint not null,
  balance bigint not null,
  held bigint not null,
  constraint gift_card_totals_pkey primary key (store_id, id)
);
alter table orders.gift_card_totals enable row level security;
alter table orders.gift_card_totals force row level security;
create policy store_isolation on orders.gift_card_totals for all
  using (store_id = nullif(current_setting('app.store_id', true), '')::uuid and current_setting('app.kind', true) in ('STAFF', 'API_KEY', 'PLATFORM', 'SYSTEM'))
  with check (store_id = nullif(current_setting('app.store_id', true), '')::uuid and current_setting('app.kind', true) in ('STAFF', 'API_KEY', 'PLATFORM', 'SYSTEM'));
create policy sweep on orders.gift_card_totals for select to :"system" using (true);

-- The key under which a store's codes are hashed, sealed by the deployment's.
create table orders.gift_card_keys (
  store_id uuid not null,
  key_sealed text not null,
  constraint gift_card_keys_pkey primary key (store_id)
);
alter table orders.gift_card_keys enable row level security;
alter table orders.gift_card_keys force row level security;
create policy store_isolation on orders.gift_card_keys for all
  using (store_id = nullif(current_setting('app.store_id', true), '')::uuid and current_setting('app.kind', true) in ('STAFF', 'API_KEY', 'PLATFORM', 'SYSTEM'))
  with check (store_id = nullif(current_setting('app.store_id', true), '')::uuid and current_setting('app.kind', true) in ('STAFF', 'API_KEY', 'PLATFORM', 'SYSTEM'));
revoke update, delete on orders.gift_card_keys from :"app";

create table orders.gift_card_guesses (
  store_id uuid not null,
  guesser text not null,
  misses integer not null,
  since timestamptz(3) not null,
  constraint gift_card_guesses_pkey primary key (store_id, guesser),
  constraint gift_card_guesses_misses_check check (misses >= 0)
);
create index gift_card_guesses_since_index on orders.gift_card_guesses (since);
alter table orders.gift_card_guesses enable row level security;
alter table orders.gift_card_guesses force row level security;
create policy store_isolation on orders.gift_card_guesses for all
  using (store_id = nullif(current_setting('app.store_id', true), '')::uuid and current_setting('app.kind', true) in ('STAFF', 'API_KEY', 'PLATFORM', 'SYSTEM'))
  with check (store_id = nullif(current_setting('app.store_id', true), '')::uuid and current_setting('app.kind', true) in ('STAFF', 'API_KEY', 'PLATFORM', 'SYSTEM'));
create policy sweep on orders.gift_card_guesses for delete to :"system" using (true);
create policy sweep_read on orders.gift_card_guesses for select to :"system" using (true);

create table orders.gift_card_settings (
  store_id uuid not null,
  forfeit_after_days integer,
  constraint gift_card_settings_pkey primary key (store_id),
  constraint gift_card_settings_forfeit_check check (forfeit_after_days between 0 and 3650)
);
alter table orders.gift_card_settings enable row level security;
alter table orders.gift_card_settings force row level security;
create policy store_isolation on orders.gift_card_settings for all
  using (store_id = nullif(current_setting('app.store_id', true), '')::uuid and current_setting('app.kind', true) in ('STAFF', 'API_KEY', 'PLATFORM', 'SYSTEM'))
  with check (store_id = nullif(current_setting('app.store_id', true), '')::uuid and current_setting('app.kind', true) in ('STAFF', 'API_KEY', 'PLATFORM', 'SYSTEM'));
create policy sweep on orders.gift_card_settings for select to :"system" using (true);
revoke delete on orders.gift_card_settings from :"app";
