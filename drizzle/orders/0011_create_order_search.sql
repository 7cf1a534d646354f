-- How an order desk looks for orders: sorted and in ranges by what each list is sorted by.
create index orders_paid_index on orders.orders (store_id, paid_at, id) where paid_at is not null;
create index orders_updated_index on orders.orders (store_id, updated_at, id);
create index orders_total_index on orders.orders (store_id, total, id);
create index orders_contact_name_index on orders.orders (store_id, contact_name, id);
-- By what is in them, how they were paid, and with which code.
create index order_lines_sku_index on orders.order_lines (store_id, sku, order_id) where sku is not null;
create index order_lines_product_index on orders.order_lines (store_id, product_id, order_id) where product_id is not null;
create index order_payments_tender_index on orders.order_payments (store_id, tender, order_id);
create index discount_redemptions_code_index on orders.discount_redemptions (store_id, code_id, order_id) where code_id is not null;
create index fulfillments_tracking_index on orders.fulfillments (store_id, tracking_number) where tracking_number is not null;

-- A name as it is searched: words of small letters and digits without accents, each behind a blank. src/desk/search.ts writes words the same way.
create function orders.name_form(name text) returns text
language sql immutable strict parallel safe
set search_path = pg_catalog, pg_temp
as $$
  select ' ' || regexp_replace(lower(regexp_replace(normalize(name, nfkd), '[\u0300-\u036f]', '', 'g') collate pg_c_utf8), '[^[:alnum:]]+', ' ', 'g') || ' '
$$;
revoke all on function orders.name_form(text) from public;
grant execute on function orders.name_form(text) to :"app", :"system", :"lookup";

-- For the function below: under row-level security no pattern reaches an index.
create index orders_name_form_index on orders.orders using gin (store_id, orders.name_form(contact_name) extensions.gin_trgm_ops) where contact_name is not null;
create index orders_email_start_index on orders.orders (store_id, contact_email text_pattern_ops) where contact_email is not null;
create index orders_phone_end_index on orders.orders (store_id, reverse(regexp_replace(contact_phone, '\D', '', 'g')) text_pattern_ops) where contact_phone is not null;
create index orders_tags_index on orders.orders using gin (store_id, tags) where tags <> '{}';

-- Search runs as a role that may read these columns and nothing else, past the policies; the functions themselves keep to the store of the setting.
grant select (store_id, id, number, external_id, contact_name, contact_email, contact_phone, tags) on orders.orders to :"lookup";
grant select (store_id, order_id, sku) on orders.order_lines to :"lookup";
grant select (store_id, order_id, tracking_number) on orders.fulfillments to :"lookup";
create policy order_lookup on orders.orders for select to :"lookup" using (true);
create policy order_lookup on orders.order_lines for select to :"lookup" using (true);
create policy order_lookup on orders.fulfillments for select to :"lookup" using (true);

-- The orders of the transaction's store that answer to what a person typed.
--   name_starts  LIKE patterns of the words of a contact's name, the longest first
--   number       an order's number
--   keys         whole external ids, e-mail addresses, article and tracking numbers
--   email_start  LIKE pattern for the beginning of an e-mail address
--   phone_end    LIKE pattern for the reversed last digits of a phone number
-- Customers and strangers find nothing.
create function orders.search_orders(name_starts text[], number bigint, keys text[], email_start text, phone_end text)
returns table (order_id uuid)
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
  wanted constant bigint := search_orders.number;
begin
  if store is null or coalesce(current_setting('app.kind', true), '') not in ('STAFF', 'API_KEY', 'PLATFORM', 'SYSTEM') then
    return;
  end if;
  return query
    select o.id from orders.orders o where o.store_id = store and o.number = wanted
    union
    select o.id from orders.orders o where o.store_id = store and o.external_id = any (keys)
    union
    select o.id from orders.orders o where o.store_id = store and o.contact_email = any (keys)
    union
    select o.id from orders.orders o where o.store_id = store and o.contact_email is not null and o.contact_email like email_start
    union
    select o.id from orders.orders o
    where o.store_id = store and o.contact_phone is not null and reverse(regexp_replace(o.contact_phone, '\D', '', 'g')) like phone_end
    union
    select o.id from orders.orders o
    where o.store_id = store and o.contact_name is not null and orders.name_form(o.contact_name) like name_starts[1]
      and orders.name_form(o.contact_name) like all (name_starts)
    union
    select l.order_id from orders.order_lines l where l.store_id = store and l.sku is not null and l.sku = any (keys)
    union
    select f.order_id from orders.fulfillments f where f.store_id = store and f.tracking_number is not null and f.tracking_number = any (keys);
end
$$;
alter function orders.search_orders(text[], bigint, text[], text, text) owner to :"lookup";
revoke all on function orders.search_orders(text[], bigint, text[], text, text) from public;
grant execute on function orders.search_orders(text[], bigint, text[], text, text) to :"app";

-- The orders of the transaction's store that carry every one of the tags.
create function orders.tagged_orders(wanted text[]) returns table (order_id uuid)
language plpgsql stable security definer rows 1000
set search_path = pg_catalog, extensions, pg_temp
set plan_cache_mode = force_custom_plan
set enable_seqscan = off
as $$
declare
  store constant uuid := nullif(current_setting('app.store_id', true), '')::uuid;
begin
  if store is null or coalesce(current_setting('app.kind', true), '') not in ('STAFF', 'API_KEY', 'PLATFORM', 'SYSTEM') then
    return;
  end if;
  return query select o.id from orders.orders o where o.store_id = store and o.tags <> '{}' and o.tags @> wanted;
end
$$;
alter function orders.tagged_orders(text[]) owner to :"lookup";
revoke all on function orders.tagged_orders(text[]) from public;
grant execute on function orders.tagged_orders(text[]) to :"app";
