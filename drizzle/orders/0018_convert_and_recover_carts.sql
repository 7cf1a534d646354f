-- A cart that was left is told of once: since when it was stays, and that its shopper came back stands beside it.
alter table orders.carts rename column checked_out_at to converted_at;
-- The owner too is held to the policies: it lets itself in for this.
alter table orders.carts no force row level security;
-- Two times in one row were of a cart that had been left again, and been told of again: it is as if nobody had come back.
update orders.carts set recovered_at = null where recovered_at is not null and abandoned_at is not null and converted_at is null;
-- When those who came back had left was not kept.
update orders.carts set abandoned_at = recovered_at where recovered_at is not null and abandoned_at is null;
-- A cart that became an order in spite of it.
update orders.carts set recovered_at = converted_at where abandoned_at is not null and recovered_at is null and converted_at is not null;
alter table orders.carts force row level security;
alter table orders.carts
  -- Where the cart is kept: in the store's own front end, or in an outside shop system, whose id of it this is.
  add column source text not null default 'STOREFRONT',
  add column external_id text,
  -- Where the outside shop system opens the cart again.
  add column recovery_url text,
  -- In this order, so that it also answers for an external id of any source.
  add constraint carts_external_key unique (store_id, external_id, source),
  -- What comes back was left before, and what became an order was left no longer.
  add constraint carts_recovered_check check (recovered_at is null or abandoned_at is not null),
  add constraint carts_converted_check check (converted_at is null or (abandoned_at is null) = (recovered_at is null)),
  -- The link of an outside shop is of a cart that is kept there.
  add constraint carts_recovery_url_check check (recovery_url is null or external_id is not null);
alter table orders.carts alter column source drop default;
