-- Drafts, edits, expiry and discounts by code.
alter table orders.orders
  -- Off the shipping, by discounts.
  add column shipping_discount bigint not null default 0,
  -- What a draft asks for, from which it is priced anew. Nothing personal.
  add column draft jsonb,
  -- The same for orders of the same things at the same price, so that one placed twice is noticed.
  add column fingerprint bigint,
  add column tags text[] not null default '{}',
  add column metadata jsonb not null default '{}',
  add column expires_at timestamptz(3),
  add column expired_at timestamptz(3),
  drop constraint orders_amounts_check,
  add constraint orders_amounts_check check (
    subtotal >= 0 and discount between 0 and subtotal and tax >= 0 and shipping >= 0 and shipping_discount between 0 and shipping
    and authorized >= 0 and captured >= 0 and refunded between 0 and captured
  ),
  drop constraint orders_total_check,
  add constraint orders_total_check check (
    total = subtotal - discount + shipping - shipping_discount + case when tax_included then 0 else tax end
  ),
  drop constraint orders_units_check,
  add constraint orders_units_check check (
    (ordered_units > 0 or status = 'DRAFT') and allocated_units between 0 and ordered_units and shipped_units between 0 and allocated_units
    and delivered_units between 0 and shipped_units and returned_units between 0 and shipped_units
  ),
  -- A draft's number is negative and counted apart, so that one that is deleted leaves no gap among the orders.
  add constraint orders_number_check check ((number < 0) = (status = 'DRAFT')),
  add constraint orders_draft_check check ((draft is not null) = (status = 'DRAFT')),
  add constraint orders_draft_money_check check (status <> 'DRAFT' or (authorized = 0 and captured = 0 and allocated_units = 0)),
  add constraint orders_expired_check check ((status = 'EXPIRED') = (expired_at is not null)),
  add constraint orders_metadata_check check (jsonb_typeof(metadata) = 'object');

-- What may expire, and nothing that would stay here for good: money that is held for all of it, or that came, keeps an order.
create index orders_expiring_index on orders.orders (expires_at)
  where status = 'OPEN' and expires_at is not null and captured = 0 and authorized < total and shipped_units = 0;
-- An address' orders by time: those placed twice are near each other.
drop index orders.orders_contact_email_index;
create index orders_contact_email_index on orders.orders (store_id, contact_email, placed_at, id) where contact_email is not null;

-- A draft is the staff's own until it is placed.
drop policy customer_own on orders.orders;
create policy customer_own on orders.orders for select
  using (store_id = nullif(current_setting('app.store_id', true), '')::uuid and current_setting('app.kind', true) in ('CUSTOMER') and customer_id = nullif(current_setting('app.customer_id', true), '')::uuid and status <> 'DRAFT');
create policy sweep on orders.orders for select to :"system" using (true);
grant delete on orders.orders to :"app";
-- An order that is placed stays for good, whoever asks.
create function orders.delete_drafts_only() returns trigger language plpgsql set search_path = '' as $$
begin
  if old.status <> 'DRAFT' then
    raise exception 'Only a draft can be deleted' using errcode = 'restrict_violation';
  end if;
  return old;
end $$;
create trigger orders_delete_drafts_only before delete on orders.orders for each row execute function orders.delete_drafts_only();

alter table orders.order_counters add column last_draft bigint not null default 0;

alter table orders.order_lines
  -- Units that are announced to come back and have not arrived.
  add column returning_units integer not null default 0,
  drop constraint order_lines_order_fkey,
  add constraint order_lines_order_fkey foreign key (store_id, order_id) references orders.orders (store_id, id) on delete cascade,
  -- An edit that takes a line out leaves it with no unit, for the parcels and refunds that name it.
  drop constraint order_lines_quantity_check,
  add constraint order_lines_quantity_check check (quantity >= 0),
  -- Never more back than has left, whatever runs at the same time.
  add constraint order_lines_returning_check check (returning_units >= 0 and returned + returning_units <= shipped);
grant delete on orders.order_lines to :"app";

alter table orders.order_discount_allocations
  -- Null for a discount that was given by hand.
  add column discount_id uuid,
  add column code_id uuid,
  drop constraint order_discount_allocations_order_fkey,
  add constraint order_discount_allocations_order_fkey foreign key (store_id, order_id) references orders.orders (store_id, id) on delete cascade,
  drop constraint order_discount_allocations_line_fkey,
  add constraint order_discount_allocations_line_fkey foreign key (store_id, line_id) references orders.order_lines (store_id, id) on delete cascade,
  add constraint order_discount_allocations_code_check check (code_id is null or discount_id is not null);
create index order_discount_allocations_order_index on orders.order_discount_allocations (store_id, order_id);
create index order_discount_allocations_discount_index on orders.order_discount_allocations (store_id, discount_id) where discount_id is not null;
-- An edit shares the discounts out anew.
grant delete on orders.order_discount_allocations to :"app";

alter table orders.order_events
  add column return_id uuid,
  -- What an edit changed: lines, units and amounts.
  add column changes jsonb,
  drop constraint order_events_order_fkey,
  add constraint order_events_order_fkey foreign key (store_id, order_id) references orders.orders (store_id, id) on delete cascade,
  add constraint order_events_kind_check check (
    kind in (
      'PLACED', 'IMPORTED', 'PAYMENT_RECORDED', 'PAYMENT_CAPTURED', 'PAYMENT_VOIDED', 'PAID', 'REFUNDED', 'FULFILLMENT_CREATED', 'FULFILLMENT_SHIPPED',
      'FULFILLMENT_DELIVERED', 'FULFILLMENT_CANCELLED', 'NOTE_SET', 'COMPLETED', 'CANCELLED', 'DRAFTED', 'EDITED', 'UPDATED', 'TAGS_SET', 'EXPIRED',
      'GIFT_CARD_APPLIED', 'REFUND_GRANTED', 'REFUND_CANCELLED', 'RETURN_REQUESTED', 'RETURN_APPROVED', 'RETURN_DECLINED', 'RETURN_RECEIVED',
      'RETURN_CANCELLED', 'CUSTOMER_CHANGED', 'ERASED'
    )
  );

-- How a store wants its orders.
create table orders.order_settings (
  store_id uuid not null,
  unpaid_expiry_minutes integer,
  constraint order_settings_pkey primary key (store_id),
  constraint order_settings_expiry_check check (unpaid_expiry_minutes between 1 and 525600)
);
alter table orders.order_settings enable row level security;
alter table orders.order_settings force row level security;
create policy store_isolation on orders.order_settings for all
  using (store_id = nullif(current_setting('app.store_id', true), '')::uuid and current_setting('app.kind', true) in ('STAFF', 'API_KEY', 'PLATFORM', 'SYSTEM'))
  with check (store_id = nullif(current_setting('app.store_id', true), '')::uuid and current_setting('app.kind', true) in ('STAFF', 'API_KEY', 'PLATFORM', 'SYSTEM'));
revoke delete on orders.order_settings from :"app";
