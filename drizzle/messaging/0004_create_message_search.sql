-- A text as it is searched: words of small letters and digits without accents, each behind a blank. src/message/search.ts writes words the same way.
create function messaging.search_form(content text) returns text
language sql immutable strict parallel safe
set search_path = pg_catalog, pg_temp
as $$
  select ' ' || regexp_replace(lower(regexp_replace(normalize(content, nfkd), '[\u0300-\u036f]', '', 'g') collate pg_c_utf8), '[^[:alnum:]]+', ' ', 'g') || ' '
$$;
revoke all on function messaging.search_form(text) from public;
grant execute on function messaging.search_form(text) to :"app", :"system", :"lookup";

-- For the functions below: under row-level security no pattern reaches an index.
create index messages_search_index on messaging.messages using gin (store_id, messaging.search_form(content) extensions.gin_trgm_ops) where content <> '';
create index conversations_search_index on messaging.conversations using gin (store_id, messaging.search_form(subject) extensions.gin_trgm_ops) where subject is not null;

grant select (store_id, id, conversation_id, content, internal) on messaging.messages to :"lookup";
grant select (store_id, id, type, subject, customer_id, readers) on messaging.conversations to :"lookup";
create policy search_lookup on messaging.messages for select to :"lookup" using (true);
create policy search_lookup on messaging.conversations for select to :"lookup" using (true);

-- Whether the transaction's identity may know of a conversation: as `visible` in src/conversation/access.ts.
create function messaging.may_see(type text, customer_id uuid, readers uuid[]) returns boolean
language sql stable
set search_path = pg_catalog, pg_temp
as $$
  select case coalesce(current_setting('app.kind', true), '')
    when 'SYSTEM' then true
    when 'PLATFORM' then readers is null or nullif(current_setting('app.user_id', true), '')::uuid = any (readers)
    when 'STAFF' then type <> 'ADMIN_CUSTOMER' and (readers is null or nullif(current_setting('app.user_id', true), '')::uuid = any (readers))
    when 'API_KEY' then type <> 'ADMIN_CUSTOMER' and readers is null
    when 'CUSTOMER' then customer_id = nullif(current_setting('app.customer_id', true), '')::uuid
    else false
  end
$$;
revoke all on function messaging.may_see(text, uuid, uuid[]) from public;
grant execute on function messaging.may_see(text, uuid, uuid[]) to :"lookup";

-- The messages of the transaction's store that meet every pattern, in conversations that its identity may know of; for a customer not the notes. The
-- newest `most`.
create function messaging.search_messages(patterns text[], most integer)
returns table (message_id uuid)
language plpgsql stable security definer rows 100
set search_path = pg_catalog, extensions, pg_temp
-- A pattern that is a parameter of a generic plan can't reach an index.
set plan_cache_mode = force_custom_plan
set enable_seqscan = off
as $$
declare
  store constant uuid := nullif(current_setting('app.store_id', true), '')::uuid;
  shopper constant boolean := coalesce(current_setting('app.kind', true), '') = 'CUSTOMER';
begin
  if store is null or coalesce(current_setting('app.kind', true), '') not in ('STAFF', 'API_KEY', 'PLATFORM', 'SYSTEM', 'CUSTOMER') then
    return;
  end if;
  return query
    select m.id from messaging.messages m
    join messaging.conversations c on c.store_id = store and c.id = m.conversation_id
    where m.store_id = store and m.content <> '' and messaging.search_form(m.content) like patterns[1] and messaging.search_form(m.content) like all (patterns)
      and not (shopper and m.internal) and messaging.may_see(c.type, c.customer_id, c.readers)
    order by m.id desc limit most;
end
$$;
alter function messaging.search_messages(text[], integer) owner to :"lookup";
revoke all on function messaging.search_messages(text[], integer) from public;
grant execute on function messaging.search_messages(text[], integer) to :"app";

-- The conversations whose subject, or one of whose 1,000 newest such messages, meets every pattern.
create function messaging.search_conversations(patterns text[])
returns table (conversation_id uuid)
language plpgsql stable security definer rows 100
set search_path = pg_catalog, extensions, pg_temp
set plan_cache_mode = force_custom_plan
set enable_seqscan = off
as $$
#variable_conflict use_column
declare
  store constant uuid := nullif(current_setting('app.store_id', true), '')::uuid;
begin
  if store is null or coalesce(current_setting('app.kind', true), '') not in ('STAFF', 'API_KEY', 'PLATFORM', 'SYSTEM', 'CUSTOMER') then
    return;
  end if;
  return query
    select c.id from messaging.conversations c
    where c.store_id = store and c.subject is not null and messaging.search_form(c.subject) like patterns[1] and messaging.search_form(c.subject) like all (patterns)
      and messaging.may_see(c.type, c.customer_id, c.readers)
    union
    select m.conversation_id from messaging.search_messages(patterns, 1000) s join messaging.messages m on m.store_id = store and m.id = s.message_id;
end
$$;
alter function messaging.search_conversations(text[]) owner to :"lookup";
revoke all on function messaging.search_conversations(text[]) from public;
grant execute on function messaging.search_conversations(text[]) to :"app";
grant execute on function messaging.search_messages(text[], integer) to :"lookup";
