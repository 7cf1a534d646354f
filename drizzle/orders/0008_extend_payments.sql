-- Payments by gift card, and refunds that are decided first and given back later.
alter table orders.order_payments
  -- What has been granted and not given back yet.
  add column granted bigint not null default 0,
  -- The promise of the card behind a payment by gift card. Null where a card of another system was recorded.
  add column gift_card_hold_id uuid,
  -- One that holds for both replaces the one of what is refunded: never more promised and given back than came in, whatever runs at the same time.
  drop constraint order_payments_refunded_check,
  add constraint order_payments_refunded_check check (refunded >= 0 and granted >= 0 and refunded + granted <= captured),
  add constraint order_payments_hold_key unique (store_id, gift_card_hold_id),
  add constraint order_payments_hold_fkey foreign key (store_id, gift_card_hold_id) references orders.gift_card_holds (store_id, id),
  add constraint order_payments_hold_check check (gift_card_hold_id is null or tender = 'GIFT_CARD');

alter table orders.orders
  add column granted bigint not null default 0,
  add constraint orders_granted_check check (granted >= 0 and refunded + granted <= captured);

alter table orders.refunds
  -- How much of the amount has gone back.
  add column settled bigint not null default 0,
  -- When it was decided. What is decided and given back in one has one time.
  add column granted_at timestamptz(3),
  add column cancelled_at timestamptz(3),
  -- When money last went back.
  alter column refunded_at drop not null;
-- The owner too is held to the policies: it lets itself in for this.
alter table orders.refunds no force row level security;
update orders.refunds set settled = amount, granted_at = refunded_at;
alter table orders.refunds force row level security;
alter table orders.refunds
  alter column settled drop default,
  alter column granted_at set not null,
  add column status text not null generated always as (
    case when cancelled_at is not null then 'CANCELLED' when settled = amount then 'SETTLED' when settled > 0 then 'PARTIALLY_SETTLED' else 'GRANTED' end
  ) stored,
  add constraint refunds_settled_check check (settled between 0 and amount),
  add constraint refunds_refunded_at_check check ((refunded_at is not null) = (settled > 0 or amount = 0)),
  -- What has gone back whole can't be taken back.
  add constraint refunds_cancelled_check check (cancelled_at is null or settled < amount),
  drop constraint refunds_source_check,
  add constraint refunds_source_check check (source in ('MANUAL', 'CANCELLATION', 'RETURN', 'IMPORT'));
create index refunds_granted_index on orders.refunds (store_id, granted_at, id);
drop index orders.refunds_source_index;
create index refunds_source_index on orders.refunds (store_id, source, granted_at, id);
-- Few are waiting among many that are done.
create index refunds_open_index on orders.refunds (store_id, granted_at, id, status) where status <> 'SETTLED';
grant update (settled, refunded_at, cancelled_at) on orders.refunds to :"app";

alter table orders.refund_payments
  add column settled_at timestamptz(3),
  -- The provider's own id of the money that went back.
  add column reference text;
alter table orders.refund_payments no force row level security;
alter table orders.refunds no force row level security;
update orders.refund_payments p set settled_at = r.refunded_at from orders.refunds r where r.store_id = p.store_id and r.id = p.refund_id;
alter table orders.refunds force row level security;
alter table orders.refund_payments force row level security;
create index refund_payments_payment_index on orders.refund_payments (store_id, payment_id);
grant update (settled_at, reference) on orders.refund_payments to :"app";
-- What refunds have given for a line.
create index refund_lines_line_index on orders.refund_lines (store_id, line_id) where line_id is not null;
