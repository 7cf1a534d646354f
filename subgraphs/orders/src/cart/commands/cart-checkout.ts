import { fail, isRefusal, ok, refuse, type Id, type Problem, type Result } from '@storegraph/core';
import { once, one, own, type Tx } from '@storegraph/database';
import { idempotencyKey, readId, text, validate, type Context } from '@storegraph/subgraph';
import { eq } from 'drizzle-orm';
import { z } from 'zod';
import { applyGiftCard } from '../../gift-card/apply.ts';
import { lookUpCode } from '../../gift-card/guess.ts';
import { unknownCustomer } from '../../customer/known.ts';
import { amount } from '../../input.ts';
import { placeOrder, type Placement } from '../../order/place.ts';
import { record, type Fact } from '../../order/record.ts';
import type { OrderRow } from '../../order/tables.ts';
import { orderSettingsOf } from '../../store/settings.ts';
import { cartKeyShape, isShopper, linesOf, lockCart, shopOf } from '../access.ts';
import { closedMessages, closedReason } from '../cart.ts';
import { noSuchCart } from '../change.ts';
import { convert } from '../convert.ts';
import { priceCart, type PricedCart } from '../pricing.ts';
import { carts, type CartRow } from '../tables.ts';
import { cartView } from '../view.ts';

const schema = z.object({ ...cartKeyShape, expectedTotal: amount, giftCardCodes: z.array(text(100)).max(5).nullish(), idempotencyKey });
type Input = z.output<typeof schema>;

/** What a shopper has ordered and not paid is given up after a day, where the store has set no other time: it holds uses of codes and gift cards. */
const unpaidMs = 24 * 60 * 60_000;

/**
 * Makes the cart an order at the price that the shopper has seen, or refuses. Gift cards are held on the order, as much as it needs, in the order of
 * their codes' cards; what is then left is to be paid.
 */
export async function cartCheckout(ctx: Context, given: unknown) {
  const checked = validate(schema, given);
  if (isRefusal(checked)) return checked;
  const input = checked.value;
  const shop = shopOf(ctx);
  if (!shop) return noSuchCart();
  const cards = await cardsOf(ctx, input.giftCardCodes ?? []);
  if (isRefusal(cards)) return cards;
  const done = await shop.db.write(async (tx) => {
    // The customer before the cart, as a merge of customers takes them: one that is under way is waited for, and the order is the survivor's.
    const [seen] = await tx
      .select({ customerId: carts.customerId })
      .from(carts)
      .where(own(tx, carts, eq(carts.id, input.cartId)));
    if (seen?.customerId) await unknownCustomer(tx, seen.customerId);
    // Outside of `once`, which would tell a stranger what it told the owner.
    const cart = await lockCart(tx, ctx.identity, input);
    if (!cart) return noSuchCart();
    // A client's key is its own: shoppers act through one identity, the store's system, so the cart makes it theirs.
    const giftCardCodes = cards.value.map(({ cardId }) => cardId);
    const keyed = { ...input, token: null, giftCardCodes, idempotencyKey: `${cart.id} ${input.idempotencyKey}` };
    return once(tx, 'cartCheckout', keyed, () => checkOut(ctx, tx, cart, input, cards.value));
  });
  if (isRefusal(done)) return done;
  const row = one(
    await shop.db.read((tx) =>
      tx
        .select()
        .from(carts)
        .where(own(tx, carts, eq(carts.id, done.value.cartId))),
    ),
  );
  return ok(cartView(row, shop));
}

async function checkOut(ctx: Context, tx: Tx, cart: CartRow, input: Input, cards: readonly Card[]) {
  const now = ctx.clock.now();
  const closed = closedReason(cart, now);
  if (closed) return fail(closed, closedMessages[closed]);
  const priced = await priceCart(tx, cart, await linesOf(tx, cart), now);
  if (priced.problems.length > 0)
    return refuse(priced.problems.map(({ code, message }): Problem<typeof code> => ({ code, message, field: null })));
  if (priced.totals.total !== input.expectedTotal)
    return fail('TOTAL_CHANGED', 'The total is not the one that was expected: show the new one.', ['expectedTotal']);

  const { unpaidExpiryMinutes } = await orderSettingsOf(tx);
  const expiresAt = unpaidExpiryMinutes === null ? new Date(now.getTime() + unpaidMs) : null;
  const placed = await placeOrder(tx, { ...placementOf(ctx, cart, priced, now), expiresAt }, now);
  if (isRefusal(placed)) {
    // The cart has just been priced: what is left is a use of a discount that somebody else took meanwhile, or a sum beyond all bounds.
    return refuse(
      placed.problems.map(({ code, message }) => ({
        code: code === 'AMOUNT_TOO_HIGH' ? code : ('CODE_REFUSED' as const),
        message,
        field: null,
      })),
    );
  }
  // Rules may have changed since the cart was priced a moment ago.
  if (placed.value.total !== input.expectedTotal)
    return fail('TOTAL_CHANGED', 'The total is not the one that was expected: show the new one.', ['expectedTotal']);
  const paid = await payWithCards(tx, placed.value, cards, now);
  if (isRefusal(paid)) return paid;

  await convert(tx, cart, placed.value, now);
  return ok({ cartId: cart.id });
}

const placementOf = ({ identity }: Context, cart: CartRow, { placed }: PricedCart, now: Date): Placement => ({
  customerId: cart.customerId,
  contact: { name: cart.contactName, email: cart.contactEmail, phone: cart.contactPhone },
  currency: cart.currency,
  taxIncluded: cart.taxIncluded ?? false,
  lines: placed,
  discount: 0n,
  discountLabel: null,
  discountCodes: cart.discountCodes,
  tax: 0n,
  shipping: cart.shippingPrice,
  billingAddress: cart.billingAddress,
  shippingAddress: cart.shippingAddress,
  customerNote: cart.customerNote,
  note: null,
  source: cart.source,
  externalId: null,
  placedAt: now,
  expiresAt: null,
  actor: { kind: identity.kind, id: identity.subjectId },
});

type CardCode = 'GIFT_CARD_REFUSED';
type Card = { readonly cardId: Id<'gft'>; readonly field: readonly string[] };

const refusedCard = (message: string, field: readonly string[]): Problem<CardCode> => ({ code: 'GIFT_CARD_REFUSED', message, field });

/** The cards of the codes, looked up before the cart is taken: codes that are none are counted, and too many of them are not looked up any more. */
async function cardsOf(ctx: Context, codes: readonly string[]): Promise<Result<Card[], CardCode | 'TOO_MANY_ATTEMPTS'>> {
  const { identity } = ctx;
  // Somebody else's card is as one that is none; staff are told of every card.
  const whose = isShopper(identity) ? (identity.kind === 'CUSTOMER' ? readId('cus', identity.subjectId) : null) : undefined;
  const cards: Card[] = [];
  const problems: Problem<CardCode>[] = [];
  for (const [index, code] of codes.entries()) {
    const field = ['giftCardCodes', String(index)];
    const found = await lookUpCode(ctx, code, whose);
    if (isRefusal(found)) return found;
    const cardId = found.value?.id;
    if (cardId && !cards.some((card) => card.cardId === cardId)) cards.push({ cardId, field });
    else problems.push(refusedCard('This gift card can not be used.', field));
  }
  return problems.length > 0 ? refuse(problems) : ok(cards);
}

/** Every card is locked in the order of the cards' ids, whatever the order of the codes. */
async function payWithCards(tx: Tx, order: OrderRow, cards: readonly Card[], now: Date): Promise<Result<OrderRow, CardCode>> {
  let [authorized, facts] = [0n, [] as Fact[]];
  for (const { cardId, field } of cards.toSorted((a, b) => (a.cardId < b.cardId ? -1 : 1))) {
    // What the cards before it have paid, it does not need to.
    if (order.captured + order.authorized + authorized >= order.total) break;
    const applied = await applyGiftCard(tx, { ...order, authorized: order.authorized + authorized }, { cardId }, now);
    if (isRefusal(applied)) return refuse(applied.problems.map(({ message }) => refusedCard(message, field)));
    authorized += applied.value.authorized;
    facts = [...facts, applied.value.fact];
  }
  return ok(facts.length > 0 ? await record(tx, order, { authorized: order.authorized + authorized }, facts, now) : order);
}
