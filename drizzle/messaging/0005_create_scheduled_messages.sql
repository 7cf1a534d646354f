-- Messages of the staff that are to be sent at a moment.
create table messaging.scheduled_messages (
  store_id uuid not null,
  id uuid not null,
  conversation_id uuid not null,
  -- The conversation's.
  customer_id uuid,
  content text not null,
  send_at timestamptz(3) not null,
  status text not null,
  -- The code with which it could not be sent.
  failure text,
  message_id uuid,
  actor_kind text not null,
  actor_id text,
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  constraint scheduled_messages_pkey primary key (store_id, id),
  constraint scheduled_messages_conversation_fkey foreign key (store_id, conversation_id) references messaging.conversations (store_id, id),
  constraint scheduled_messages_message_fkey foreign key (store_id, message_id) references messaging.messages (store_id, id),
  constraint scheduled_messages_status_check check (status in ('SCHEDULED', 'SENT', 'CANCELLED', 'FAILED')),
  constraint scheduled_messages_sent_check check ((status = 'SENT') = (message_id is not null)),
  constraint scheduled_messages_failure_check check ((status = 'FAILED') = (failure is not null))
);
create index scheduled_messages_conversation_index on messaging.scheduled_messages (store_id, conversation_id, send_at, id);
create index scheduled_messages_due_index on messaging.scheduled_messages (send_at, id) where status = 'SCHEDULED';
alter table messaging.scheduled_messages enable row level security;
alter table messaging.scheduled_messages force row level security;
create policy store_isolation on messaging.scheduled_messages for all
  using (store_id = nullif(current_setting('app.store_id', true), '')::uuid and current_setting('app.kind', true) in ('STAFF', 'API_KEY', 'PLATFORM', 'SYSTEM'))
  with check (store_id = nullif(current_setting('app.store_id', true), '')::uuid and current_setting('app.kind', true) in ('STAFF', 'API_KEY', 'PLATFORM', 'SYSTEM'));
create policy sweep on messaging.scheduled_messages for select to :"system" using (true);
revoke delete on messaging.scheduled_messages from :"app";
create trigger forward_customer before insert or update of customer_id on messaging.scheduled_messages for each row when (new.customer_id is not null) execute function messaging.forward_customer();
