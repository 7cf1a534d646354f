-- The erasures that have been answered: a replay blanks once more and does not answer again.
create table orders.customer_erasures (
  store_id uuid not null,
  id uuid not null,
  constraint customer_erasures_pkey primary key (store_id, id)
);
alter table orders.customer_erasures enable row level security;
alter table orders.customer_erasures force row level security;
create policy store_isolation on orders.customer_erasures for all
  using (store_id = nullif(current_setting('app.store_id', true), '')::uuid and current_setting('app.kind', true) in ('STAFF', 'API_KEY', 'PLATFORM', 'SYSTEM'))
  with check (store_id = nullif(current_setting('app.store_id', true), '')::uuid and current_setting('app.kind', true) in ('STAFF', 'API_KEY', 'PLATFORM', 'SYSTEM'));

-- What people wrote in rows that are otherwise append-only, and files that were made from what is erased.
grant update (note) on orders.refunds to :"app";
grant update (reason) on orders.gift_card_entries to :"app";
grant delete on orders.exports to :"app";
