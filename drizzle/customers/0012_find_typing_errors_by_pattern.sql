-- Names with a typing error, found by a pattern for each error that one may make: a few trigrams reach the index for each of them, where one
-- expression of all of them leaves so few in common that a large store's rows are read by the hundred thousand.
drop function customers.search_customers(text[], text[], integer, text[], text, text);

-- The customers of the transaction's store that answer to what a person typed, each with its rank: higher is better, and equal for equal input.
--   words       the words of a name in lower case without accents, letters and digits only, the longest first
--   word_forms  for each of them a regular expression of the words that it may stand for
--   near_longest  LIKE patterns for the words that the longest may stand for with one typing error
--   number      a customer's number
--   keys        whole contact addresses
--   key_start   LIKE pattern for the beginning of a contact address
--   phone_end   LIKE pattern for the reversed last digits of a phone number
-- Typing errors are looked for only where few names match as typed. Customers and strangers find nothing.
create function customers.search_customers(
  words text[], word_forms text[], near_longest text[], number integer, keys text[], key_start text, phone_end text
)
returns table (customer_id uuid, rank integer)
language plpgsql stable security definer rows 100
set search_path = pg_catalog, extensions, pg_temp
-- A pattern that is a parameter of a generic plan can't reach an index.
set plan_cache_mode = force_custom_plan
-- Every branch has an index; without this, one letter makes the planner read the rows of all stores.
set enable_seqscan = off
as $$
#variable_conflict use_column
declare
  store constant uuid := nullif(current_setting('app.store_id', true), '')::uuid;
  wanted constant integer := search_customers.number;
  longest constant text := words[1];
  starts constant text[] := array(select '% ' || word || '%' from unnest(words) word);
  tolerant boolean;
begin
  if store is null or coalesce(current_setting('app.kind', true), '') not in ('STAFF', 'API_KEY', 'PLATFORM', 'SYSTEM') then
    return;
  end if;
  select count(*) < 10 into tolerant from (
    select from customers.customers c
    where c.store_id = store and c.search_name <> '' and c.search_name like starts[1] and c.search_name like all (starts)
    limit 10
  ) as typed;
  -- Not a setting of the function: only a superuser may give it one of a library that is not loaded yet.
  perform set_config('pg_trgm.word_similarity_threshold', '0.55', true);
  return query
  with hits (id, score) as (
    select c.id, 9000000 from customers.customers c where c.store_id = store and c.number = wanted
    union all
    select p.customer_id, 9000000 from customers.contact_points p where p.store_id = store and p.search_key = any (keys)
    union all
    select p.customer_id, 4000000 from customers.contact_points p where p.store_id = store and p.search_key like key_start
    union all
    select p.customer_id, 4000000 from customers.contact_points p
    where p.store_id = store and p.channel in ('PHONE', 'WHATSAPP') and reverse(p.address) like phone_end
    union all
    select c.id, 6000000 - char_length(c.search_name) from customers.customers c
    where c.store_id = store and c.search_name <> '' and c.search_name like starts[1] and c.search_name like all (starts)
    union all
    -- One pattern after the other, so that each of them reaches the index by itself.
    select c.id, 2000000 + (100000 * word_similarity(longest, c.search_name))::integer - char_length(c.search_name)
    from unnest(near_longest || starts[1]) near
    cross join lateral (
      select c.id, c.search_name from customers.customers c
      where tolerant and c.store_id = store and c.search_name <> '' and c.search_name like near
      offset 0
    ) c
    where c.search_name ~ all (word_forms)
    union all
    select c.id, 1000000 + (100000 * word_similarity(longest, c.search_name))::integer - char_length(c.search_name) from customers.customers c
    where tolerant and char_length(longest) >= 7 and c.store_id = store and c.search_name <> '' and c.search_name %> longest
      and c.search_name ~ all (word_forms[2:])
  )
  select id, max(score) from hits group by id;
end
$$;
alter function customers.search_customers(text[], text[], text[], integer, text[], text, text) owner to :"lookup";
revoke all on function customers.search_customers(text[], text[], text[], integer, text[], text, text) from public;
grant execute on function customers.search_customers(text[], text[], text[], integer, text[], text, text) to :"app";
