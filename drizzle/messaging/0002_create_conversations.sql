create table messaging.conversations (
  store_id uuid not null,
  id uuid not null,
  type text not null,
  status text not null,
  subject text,
  priority text not null,
  channel text not null,
  -- The account of the store and the address of the customer, where the conversation goes over a channel of somebody else's.
  channel_account_id uuid,
  channel_address text,
  customer_id uuid,
  assignee_id uuid,
  -- Changes with every change of the owner, so that what was written for an earlier one can be told.
  assignment_version integer not null,
  snoozed_until timestamptz(3),
  closed_at timestamptz(3),
  closed_by_kind text,
  -- usr_, key_ or cus_, as text: actors are of several kinds.
  closed_by_id text,
  -- The conversation that goes on in its place, and what state it was in before.
  merged_into_id uuid,
  status_before_merge text,
  -- The only members who may read it: of a channel that is not everybody's. Null where every member may who has the right.
  readers uuid[],
  -- Of a team's own channel.
  visibility text,
  slug text,
  description text,
  archived_at timestamptz(3),
  -- The members of a direct conversation in their order: two people have one.
  direct_key text,
  -- The last numbers given out, to the staff and to the customer.
  sequence bigint not null,
  public_sequence bigint not null,
  message_count integer not null,
  public_message_count integer not null,
  -- When it began, while there is no message.
  last_message_at timestamptz(3) not null,
  last_public_message_at timestamptz(3) not null,
  -- The customer's last word, by the clock of the channel: its window for free text counts from here.
  last_customer_message_at timestamptz(3),
  -- Since when the customer waits for an answer.
  waiting_since timestamptz(3),
  first_reply_at timestamptz(3),
  created_by_kind text not null,
  created_by_id text,
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  -- When anything changed that the customer is shown.
  public_updated_at timestamptz(3) not null default now(),
  constraint conversations_pkey primary key (store_id, id),
  constraint conversations_merged_fkey foreign key (store_id, merged_into_id) references messaging.conversations (store_id, id),
  constraint conversations_type_check check (type in ('STORE_CUSTOMER', 'ADMIN_STORE', 'ADMIN_CUSTOMER', 'TEAM')),
  constraint conversations_status_check check (status in ('OPEN', 'PENDING', 'SNOOZED', 'CLOSED')),
  constraint conversations_priority_check check (priority in ('LOW', 'NORMAL', 'HIGH', 'URGENT')),
  constraint conversations_channel_check check (channel in ('CHAT', 'EMAIL', 'SMS', 'WHATSAPP')),
  constraint conversations_visibility_check check (visibility in ('PUBLIC', 'PRIVATE', 'DIRECT')),
  constraint conversations_team_check check ((type = 'TEAM') = (visibility is not null) and (type = 'TEAM' or (slug is null and archived_at is null))),
  constraint conversations_readers_check check ((readers is not null) = (visibility is not null and visibility <> 'PUBLIC')),
  constraint conversations_merged_check check ((merged_into_id is null) = (status_before_merge is null) and (merged_into_id is null or status = 'CLOSED')),
  constraint conversations_customer_check check ((customer_id is null) = (type in ('ADMIN_STORE', 'TEAM')) or channel <> 'CHAT'),
  constraint conversations_snoozed_check check ((status = 'SNOOZED') = (snoozed_until is not null)),
  constraint conversations_closed_check check ((status = 'CLOSED') = (closed_at is not null)),
  constraint conversations_sequence_check check (public_sequence between 0 and sequence),
  constraint conversations_counts_check check (public_message_count between 0 and message_count)
);
create unique index conversations_slug_key on messaging.conversations (store_id, slug) where slug is not null;
create unique index conversations_direct_key on messaging.conversations (store_id, direct_key) where direct_key is not null;
-- The inbox, its newest first: whole, by state, by owner, and a customer's.
create index conversations_inbox_index on messaging.conversations (store_id, last_message_at, id) where type <> 'TEAM';
create index conversations_status_index on messaging.conversations (store_id, status, last_message_at, id) where type <> 'TEAM';
create index conversations_assignee_index on messaging.conversations (store_id, assignee_id, status, last_message_at, id) where type <> 'TEAM';
create index conversations_customer_index on messaging.conversations (store_id, customer_id, last_public_message_at, id) where customer_id is not null;
create index conversations_team_index on messaging.conversations (store_id, last_message_at, id) where type = 'TEAM';
create index conversations_merged_index on messaging.conversations (store_id, merged_into_id) where merged_into_id is not null;
create index conversations_snoozed_index on messaging.conversations (snoozed_until) where status = 'SNOOZED';
alter table messaging.conversations enable row level security;
alter table messaging.conversations force row level security;
create policy store_isolation on messaging.conversations for all
  using (store_id = nullif(current_setting('app.store_id', true), '')::uuid and current_setting('app.kind', true) in ('STAFF', 'API_KEY', 'PLATFORM', 'SYSTEM'))
  with check (store_id = nullif(current_setting('app.store_id', true), '')::uuid and current_setting('app.kind', true) in ('STAFF', 'API_KEY', 'PLATFORM', 'SYSTEM'));
create policy customer_own on messaging.conversations for select
  using (store_id = nullif(current_setting('app.store_id', true), '')::uuid and current_setting('app.kind', true) in ('CUSTOMER') and customer_id = nullif(current_setting('app.customer_id', true), '')::uuid);
create policy sweep on messaging.conversations for select to :"system" using (true);
revoke delete on messaging.conversations from :"app";

create table messaging.conversation_labels (
  store_id uuid not null,
  conversation_id uuid not null,
  label text not null,
  constraint conversation_labels_pkey primary key (store_id, conversation_id, label),
  constraint conversation_labels_conversation_fkey foreign key (store_id, conversation_id) references messaging.conversations (store_id, id),
  constraint conversation_labels_label_check check (char_length(label) between 1 and 50)
);
create index conversation_labels_label_index on messaging.conversation_labels (store_id, label, conversation_id);
alter table messaging.conversation_labels enable row level security;
alter table messaging.conversation_labels force row level security;
create policy store_isolation on messaging.conversation_labels for all
  using (store_id = nullif(current_setting('app.store_id', true), '')::uuid and current_setting('app.kind', true) in ('STAFF', 'API_KEY', 'PLATFORM', 'SYSTEM'))
  with check (store_id = nullif(current_setting('app.store_id', true), '')::uuid and current_setting('app.kind', true) in ('STAFF', 'API_KEY', 'PLATFORM', 'SYSTEM'));

create table messaging.participants (
  store_id uuid not null,
  id uuid not null,
  conversation_id uuid not null,
  -- The conversation's.
  customer_id uuid,
  kind text not null,
  -- Of a member or the platform's staff; the customer is the conversation's.
  user_id uuid,
  -- Whether the person is told of what is new. False for who has been removed, or only reads along.
  active boolean not null,
  muted boolean not null,
  email_notifications boolean not null,
  -- How far the person has read, in the numbers that this kind of person is shown.
  last_read bigint not null,
  last_read_at timestamptz(3),
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  constraint participants_pkey primary key (store_id, id),
  constraint participants_person_key unique nulls not distinct (store_id, conversation_id, kind, user_id),
  constraint participants_conversation_fkey foreign key (store_id, conversation_id) references messaging.conversations (store_id, id),
  constraint participants_kind_check check (kind in ('ADMIN', 'STORE', 'CUSTOMER')),
  constraint participants_user_check check ((user_id is null) = (kind = 'CUSTOMER')),
  constraint participants_last_read_check check (last_read >= 0)
);
create index participants_of_user_index on messaging.participants (store_id, user_id, conversation_id) where user_id is not null;
alter table messaging.participants enable row level security;
alter table messaging.participants force row level security;
create policy store_isolation on messaging.participants for all
  using (store_id = nullif(current_setting('app.store_id', true), '')::uuid and current_setting('app.kind', true) in ('STAFF', 'API_KEY', 'PLATFORM', 'SYSTEM'))
  with check (store_id = nullif(current_setting('app.store_id', true), '')::uuid and current_setting('app.kind', true) in ('STAFF', 'API_KEY', 'PLATFORM', 'SYSTEM'));
create policy customer_own on messaging.participants for select
  using (store_id = nullif(current_setting('app.store_id', true), '')::uuid and current_setting('app.kind', true) in ('CUSTOMER') and customer_id = nullif(current_setting('app.customer_id', true), '')::uuid and kind = 'CUSTOMER');
revoke delete on messaging.participants from :"app";

create table messaging.messages (
  store_id uuid not null,
  id uuid not null,
  conversation_id uuid not null,
  -- The conversation's.
  customer_id uuid,
  -- The numbers of the change that added it. A note has none for the customer.
  sequence bigint not null,
  public_sequence bigint,
  actor_kind text not null,
  actor_id text,
  kind text not null,
  direction text not null,
  channel text not null,
  content text not null,
  internal boolean not null,
  reply_to_id uuid,
  mentions uuid[] not null default '{}',
  -- Chosen by the sender: the same one again is the same message.
  client_id text,
  -- The channel's own id of it, and its own time.
  provider_id text,
  provider_at timestamptz(3),
  -- The domain that asked for it, and that domain's id.
  origin_domain text,
  origin_id text,
  edited_at timestamptz(3),
  deleted_at timestamptz(3),
  deleted_by_kind text,
  deleted_by_id text,
  created_at timestamptz(3) not null default now(),
  constraint messages_pkey primary key (store_id, id),
  constraint messages_sequence_key unique (store_id, conversation_id, sequence),
  constraint messages_public_sequence_key unique (store_id, conversation_id, public_sequence),
  constraint messages_conversation_fkey foreign key (store_id, conversation_id) references messaging.conversations (store_id, id),
  constraint messages_reply_fkey foreign key (store_id, reply_to_id) references messaging.messages (store_id, id),
  constraint messages_content_check check (char_length(content) <= 20000),
  constraint messages_actor_check check (actor_kind in ('ADMIN', 'STORE', 'CUSTOMER', 'BOT', 'SYSTEM')),
  constraint messages_kind_check check (kind in ('TEXT', 'IMAGE', 'VIDEO', 'AUDIO', 'DOCUMENT')),
  constraint messages_direction_check check (direction in ('INBOUND', 'OUTBOUND')),
  constraint messages_channel_check check (channel in ('CHAT', 'EMAIL', 'SMS', 'WHATSAPP')),
  constraint messages_internal_check check (internal = (public_sequence is null)),
  constraint messages_deleted_check check (deleted_at is null or content = '')
);
create unique index messages_client_key on messaging.messages (store_id, client_id, actor_kind, coalesce(actor_id, '')) where client_id is not null;
create unique index messages_provider_key on messaging.messages (store_id, channel, provider_id) where provider_id is not null;
alter table messaging.messages enable row level security;
alter table messaging.messages force row level security;
create policy store_isolation on messaging.messages for all
  using (store_id = nullif(current_setting('app.store_id', true), '')::uuid and current_setting('app.kind', true) in ('STAFF', 'API_KEY', 'PLATFORM', 'SYSTEM'))
  with check (store_id = nullif(current_setting('app.store_id', true), '')::uuid and current_setting('app.kind', true) in ('STAFF', 'API_KEY', 'PLATFORM', 'SYSTEM'));
create policy customer_own on messaging.messages for select
  using (store_id = nullif(current_setting('app.store_id', true), '')::uuid and current_setting('app.kind', true) in ('CUSTOMER') and customer_id = nullif(current_setting('app.customer_id', true), '')::uuid and not internal);
revoke delete on messaging.messages from :"app";

-- What a message said before it was changed or taken back.
create table messaging.message_revisions (
  store_id uuid not null,
  id uuid not null,
  message_id uuid not null,
  customer_id uuid,
  content text not null,
  actor_kind text not null,
  actor_id text,
  created_at timestamptz(3) not null default now(),
  constraint message_revisions_pkey primary key (store_id, id),
  constraint message_revisions_message_fkey foreign key (store_id, message_id) references messaging.messages (store_id, id)
);
create index message_revisions_message_index on messaging.message_revisions (store_id, message_id, id);
alter table messaging.message_revisions enable row level security;
alter table messaging.message_revisions force row level security;
create policy store_isolation on messaging.message_revisions for all
  using (store_id = nullif(current_setting('app.store_id', true), '')::uuid and current_setting('app.kind', true) in ('STAFF', 'API_KEY', 'PLATFORM', 'SYSTEM'))
  with check (store_id = nullif(current_setting('app.store_id', true), '')::uuid and current_setting('app.kind', true) in ('STAFF', 'API_KEY', 'PLATFORM', 'SYSTEM'));
revoke delete on messaging.message_revisions from :"app";

-- Every durable change of a conversation, by its number. Numbers are given under the conversation's lock, so they are dense, and what has a
-- lower one was committed before.
create table messaging.conversation_events (
  store_id uuid not null,
  conversation_id uuid not null,
  sequence bigint not null,
  -- Dense among what the customer is shown.
  public_sequence bigint,
  -- The conversation's.
  customer_id uuid,
  kind text not null,
  message_id uuid,
  -- The person that was assigned, added or removed.
  person_kind text,
  person_id text,
  actor_kind text not null,
  actor_id text,
  created_at timestamptz(3) not null default now(),
  -- The order of insertion in the store, and the place in its inbox feed, as soon as it has one (messaging.sequence_inbox).
  ordinal bigint not null generated by default as identity,
  position bigint,
  constraint conversation_events_pkey primary key (store_id, conversation_id, sequence),
  constraint conversation_events_public_sequence_key unique (store_id, conversation_id, public_sequence),
  constraint conversation_events_conversation_fkey foreign key (store_id, conversation_id) references messaging.conversations (store_id, id),
  constraint conversation_events_message_fkey foreign key (store_id, message_id) references messaging.messages (store_id, id),
  constraint conversation_events_kind_check check (kind in (
    'STARTED', 'MESSAGE_ADDED', 'MESSAGE_EDITED', 'MESSAGE_DELETED', 'ASSIGNED', 'UNASSIGNED', 'SNOOZED', 'PENDED', 'CLOSED', 'REOPENED',
    'PRIORITY_CHANGED', 'SUBJECT_CHANGED', 'LABELS_CHANGED', 'PARTICIPANT_ADDED', 'PARTICIPANT_REMOVED', 'ARCHIVED', 'UNARCHIVED', 'MERGED', 'UNMERGED',
    'DESCRIPTION_CHANGED'
  ))
);
create unique index conversation_events_position_key on messaging.conversation_events (store_id, position) where position is not null;
create index conversation_events_unsequenced_index on messaging.conversation_events (store_id, ordinal) where position is null;
alter table messaging.conversation_events enable row level security;
alter table messaging.conversation_events force row level security;
create policy store_isolation on messaging.conversation_events for all
  using (store_id = nullif(current_setting('app.store_id', true), '')::uuid and current_setting('app.kind', true) in ('STAFF', 'API_KEY', 'PLATFORM', 'SYSTEM'))
  with check (store_id = nullif(current_setting('app.store_id', true), '')::uuid and current_setting('app.kind', true) in ('STAFF', 'API_KEY', 'PLATFORM', 'SYSTEM'));
create policy customer_own on messaging.conversation_events for select
  using (store_id = nullif(current_setting('app.store_id', true), '')::uuid and current_setting('app.kind', true) in ('CUSTOMER') and customer_id = nullif(current_setting('app.customer_id', true), '')::uuid and public_sequence is not null);
revoke delete on messaging.conversation_events from :"app";
revoke update on messaging.conversation_events from :"app";

-- Merges of customers: whatever is written under the id of a merged one is the survivor's from the start.
create trigger forward_customer before insert or update of customer_id on messaging.conversations for each row when (new.customer_id is not null) execute function messaging.forward_customer();
create trigger forward_customer before insert or update of customer_id on messaging.participants for each row when (new.customer_id is not null) execute function messaging.forward_customer();
create trigger forward_customer before insert or update of customer_id on messaging.messages for each row when (new.customer_id is not null) execute function messaging.forward_customer();
create trigger forward_customer before insert or update of customer_id on messaging.message_revisions for each row when (new.customer_id is not null) execute function messaging.forward_customer();
create trigger forward_customer before insert or update of customer_id on messaging.conversation_events for each row when (new.customer_id is not null) execute function messaging.forward_customer();
grant update (customer_id) on messaging.conversation_events to :"app";
