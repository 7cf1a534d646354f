import { toUuid, type Id } from '@storegraph/core';
import { key, type Desk, type OrdersHarness } from './desk.ts';

export interface IssuedCard {
  readonly id: Id<'gft'>;
  readonly code: string;
}

/** Issues a gift card of 50.00 EUR unless told otherwise. */
export async function issueCard(desk: Desk, rest: object = {}): Promise<IssuedCard> {
  const input = { amount: 5000, currency: 'EUR', idempotencyKey: key(), ...rest };
  const { giftCard, code, userErrors } = await desk.mutate<{ giftCard: { id: Id<'gft'> }; code: string }>('giftCardIssue', input);
  if (userErrors.length > 0) throw new Error(`giftCardIssue was refused: ${JSON.stringify(userErrors)}`);
  return { id: giftCard.id, code };
}

/** Pays for an order with a card. Gives the payment. */
export async function payByCard(desk: Desk, order: { id: string }, card: { id: string }, amount: number | null = null): Promise<Id<'opm'>> {
  const input = { orderId: order.id, giftCardId: card.id, amount, idempotencyKey: key() };
  const { payment, userErrors } = await desk.mutate<{ payment: { id: Id<'opm'> } }>('orderGiftCardApply', input);
  if (userErrors.length > 0) throw new Error(`orderGiftCardApply was refused: ${JSON.stringify(userErrors)}`);
  return payment.id;
}

export const capture = (desk: Desk, paymentId: string, amount: number | null = null) =>
  desk.mutate('orderPaymentCapture', { paymentId, amount, idempotencyKey: key() }, 'payment { id }');

/** A card as it stands: what can be spent, what is held, and its status. */
export async function stateOf(desk: Desk, { id }: { id: string }): Promise<{ balance: number; held: number; status: string }> {
  const { giftCard } = await desk.staff.data<{ giftCard: { balance: { amount: number }; held: { amount: number }; status: string } }>(
    'query ($id: ID!) { giftCard(id: $id) { status balance { amount } held { amount } } }',
    { id },
  );
  return { balance: giftCard.balance.amount, held: giftCard.held.amount, status: giftCard.status };
}

/** What the entries of a card say, the first one first. */
export async function entriesOf(desk: Desk, { id }: { id: string }): Promise<string[]> {
  const { giftCard } = await desk.staff.data<{
    giftCard: { entries: { nodes: { kind: string; amount: { amount: number }; held: { amount: number } }[] } };
  }>('query ($id: ID!) { giftCard(id: $id) { entries(first: 100) { nodes { kind amount { amount } held { amount } } } } }', { id });
  return giftCard.entries.nodes.toReversed().map(({ kind, amount, held }) => `${kind} ${amount.amount} ${held.amount}`);
}

/** Cards of a store whose entries do not add up to what they say, or whose sums are not told in the totals. Nothing, always. */
export async function discrepancies(orders: OrdersHarness, desk: Desk): Promise<object[]> {
  const store = toUuid(desk.storeId);
  const cards = await orders.admin(
    `select c.id::text, c.balance::text, c.held::text, c.version, sum(e.amount)::text as amounts, sum(e.held)::text as helds, count(*)::integer as entries
     from orders.gift_cards c join orders.gift_card_entries e on e.store_id = c.store_id and e.card_id = c.id where c.store_id = $1::uuid
     group by c.store_id, c.id having c.balance <> sum(e.amount) or c.held <> sum(e.held) or c.version <> count(*) or c.held < 0 or c.held > c.balance`,
    [store],
  );
  const holds = await orders.admin(
    `select c.id::text, c.held::text from orders.gift_cards c where c.store_id = $1::uuid and c.held <>
       (select coalesce(sum(h.amount - h.captured), 0) from orders.gift_card_holds h where h.store_id = c.store_id and h.card_id = c.id and h.released_at is null)`,
    [store],
  );
  const totals = await orders.admin(
    `select coalesce(t.currency, c.currency) as currency, t.balance::text, c.balance::text as owed
     from (select currency, kind, sum(balance) as balance, sum(held) as held, sum(cards) as cards from orders.gift_card_totals where store_id = $1::uuid group by 1, 2) t
     full join (select currency, kind, sum(balance) as balance, sum(held) as held, count(*) filter (where balance > 0) as cards
       from orders.gift_cards where store_id = $1::uuid group by 1, 2) c using (currency, kind)
     where (t.balance, t.held, t.cards) is distinct from (c.balance, c.held, c.cards)`,
    [store],
  );
  return [...cards, ...holds, ...totals];
}
