import type { OrdersHarness } from './desk.ts';

/** What must be true of every order, whatever was done to it and in whatever order. Each gives the numbers of the orders of which it is not. */
const rules: Readonly<Record<string, string>> = {
  'the order is the sum of its lines': `select o.number from orders.orders o join lateral (
      select sum(subtotal) as subtotal, sum(discount) as discount, sum(tax) as tax, sum(total) as total, sum(quantity) as ordered, sum(allocated) as allocated,
        sum(shipped) as shipped, sum(delivered) as delivered, sum(returned) as returned from orders.order_lines l where l.order_id = o.id
    ) l on true where (o.subtotal, o.discount, o.tax, o.total - o.shipping + o.shipping_discount) is distinct from (l.subtotal, l.discount, l.tax, l.total)
      or (o.ordered_units, o.allocated_units, o.shipped_units, o.delivered_units, o.returned_units)
        is distinct from (l.ordered, l.allocated, l.shipped, l.delivered, l.returned)`,
  'every cent of a discount stands on a line': `select o.number from orders.orders o join orders.order_lines l on l.order_id = o.id
    where l.discount <> (select coalesce(sum(amount), 0) from orders.order_discount_allocations a where a.line_id = l.id)`,
  'units are counted as parcels and returns say': `select o.number from orders.orders o join orders.order_lines l on l.order_id = o.id
    join lateral (
      select coalesce(sum(p.quantity) filter (where f.status <> 'CANCELLED'), 0) as allocated,
        coalesce(sum(p.quantity) filter (where f.status in ('SHIPPED', 'DELIVERED')), 0) as shipped
      from orders.fulfillment_lines p join orders.fulfillments f on f.id = p.fulfillment_id where p.line_id = l.id) f on true
    join lateral (
      select coalesce(sum(p.received), 0) as returned,
        coalesce(sum(p.quantity - p.received) filter (where r.status in ('REQUESTED', 'APPROVED', 'PARTIALLY_RECEIVED')), 0) as returning
      from orders.return_lines p join orders.returns r on r.id = p.return_id where p.line_id = l.id) r on true
    where (l.allocated, l.shipped, l.returned, l.returning_units) is distinct from (f.allocated, f.shipped, r.returned, r.returning)`,
  'amounts are those of the payments': `select o.number from orders.orders o join lateral (
      select coalesce(sum(captured), 0) as captured, coalesce(sum(refunded), 0) as refunded,
        coalesce(sum(authorized - captured) filter (where voided_at is null), 0) as held from orders.order_payments p where p.order_id = o.id
    ) p on true where (o.captured, o.refunded, o.authorized) is distinct from (p.captured, p.refunded, p.held)`,
  'an order holds uses of discounts exactly while it goes on': `select o.number from orders.orders o join orders.discount_redemptions r on r.order_id = o.id
    where (r.released_at is null) <> (o.status in ('OPEN', 'COMPLETED'))`,
  'uses are counted once': `select o.number from orders.orders o join orders.discount_redemptions r on r.order_id = o.id join orders.discounts d on d.id = r.discount_id
    where d.used <> (select count(*) from orders.discount_redemptions x where x.discount_id = d.id and x.released_at is null)`,
  'nothing is held for an order that has ended, unless it came after': `select o.number from orders.orders o join orders.order_payments p on p.order_id = o.id
    where o.status in ('CANCELLED', 'EXPIRED') and p.voided_at is null and p.authorized > p.captured and p.created_at < o.updated_at
      and p.tender = 'GIFT_CARD'`,
  'the timeline is dense, and an order ends at most once': `select o.number from orders.orders o join lateral (
      select count(*) as entries, max(sequence) as last, count(*) filter (where kind in ('CANCELLED', 'EXPIRED', 'COMPLETED')) as ends,
        count(*) filter (where kind = 'PAYMENT_VOIDED') as voided, count(distinct payment_id) filter (where kind = 'PAYMENT_VOIDED') as payments
      from orders.order_events e where e.order_id = o.id) e on true
    where e.entries <> o.version or e.last <> o.version or e.ends > 1 or e.voided <> e.payments or (e.ends = 0) <> (o.status in ('OPEN', 'DRAFT'))`,
  'a gift card has what its entries and promises say': `select c.last_four from orders.gift_cards c
    where c.held <> (select coalesce(sum(p.authorized - p.captured), 0) from orders.gift_card_holds h join orders.order_payments p on p.gift_card_hold_id = h.id
      where h.card_id = c.id and p.voided_at is null) or c.held > c.balance`,
};

/** The rules that some order breaks. */
export async function brokenRules({ admin }: OrdersHarness): Promise<string[]> {
  const broken: string[] = [];
  for (const [rule, query] of Object.entries(rules)) {
    const found = await admin(query);
    if (found.length > 0) broken.push(`${rule}: ${JSON.stringify(found.slice(0, 3))}`);
  }
  return broken;
}
