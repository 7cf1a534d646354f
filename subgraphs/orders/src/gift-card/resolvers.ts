import { isRefusal, money, ok, type Id, type Result } from '@storegraph/core';
import { payload, PublicError, readId, type Context } from '@storegraph/subgraph';
import type { Resolvers } from '../generated/graphql.ts';
import { loaders as orderLoaders } from '../order/loaders.ts';
import { paid } from '../payment/paid.ts';
import { giftCardAdjust } from './commands/gift-card-adjust.ts';
import { giftCardCodeReplace } from './commands/gift-card-code-replace.ts';
import { giftCardDisable } from './commands/gift-card-disable.ts';
import { giftCardEnable } from './commands/gift-card-enable.ts';
import { giftCardExpirySet } from './commands/gift-card-expiry-set.ts';
import { giftCardIssue } from './commands/gift-card-issue.ts';
import { giftCardSettingsSet } from './commands/gift-card-settings-set.ts';
import { orderGiftCardApply } from './commands/order-gift-card-apply.ts';
import { storeCreditGrant } from './commands/store-credit-grant.ts';
import { giftCardStatusOf, giftCardTransitions } from './gift-card.ts';
import { liabilityLists } from './liability.ts';
import { loaders } from './loaders.ts';
import { enquire, giftCardPage, pageLoaders, spendable } from './queries.ts';
import { settingsOf } from './settings.ts';

/** The card that a command names, as it is once the command is done. */
async function reloaded<Code extends string>(ctx: Context, result: Result<{ id: Id<'gft'> }, Code>) {
  return isRefusal(result) ? result : ok(await ctx.load(loaders).byId.load(result.value.id));
}

/** The same, with the code that is shown this once. */
async function withCode<Code extends string>(ctx: Context, result: Result<{ giftCard: { id: Id<'gft'> }; code: string }, Code>) {
  if (isRefusal(result)) return result;
  const { giftCard, code } = result.value;
  return ok({ giftCard: await ctx.load(loaders).byId.load(giftCard.id), code });
}

export const resolvers: Resolvers = {
  Query: {
    giftCard: (_, { id }, ctx) => ctx.load(loaders).byId.load(readId('gft', id)),
    giftCards: (_, args, ctx) => giftCardPage(ctx, args),
    giftCardEnquiry: async (_, { code }, ctx) => {
      const found = await enquire(ctx, code);
      if (isRefusal(found)) throw new PublicError('RATE_LIMITED', 'Too many codes that are none. Try again later.');
      return found.value;
    },
    giftCardSettings: (_, _args, ctx) => ctx.db.read(settingsOf),
  },
  Mutation: {
    giftCardIssue: async (_, { input }, ctx) => payload(await withCode(ctx, await giftCardIssue(ctx, input))),
    storeCreditGrant: async (_, { input }, ctx) => payload('giftCard', await reloaded(ctx, await storeCreditGrant(ctx, input))),
    giftCardAdjust: async (_, { input }, ctx) => payload('giftCard', await reloaded(ctx, await giftCardAdjust(ctx, input))),
    giftCardDisable: async (_, { input }, ctx) => payload('giftCard', await reloaded(ctx, await giftCardDisable(ctx, input))),
    giftCardEnable: async (_, { input }, ctx) => payload('giftCard', await reloaded(ctx, await giftCardEnable(ctx, input))),
    giftCardExpirySet: async (_, { input }, ctx) => payload('giftCard', await reloaded(ctx, await giftCardExpirySet(ctx, input))),
    giftCardCodeReplace: async (_, { input }, ctx) => payload(await withCode(ctx, await giftCardCodeReplace(ctx, input))),
    giftCardSettingsSet: async (_, { input }, ctx) => payload('settings', await giftCardSettingsSet(ctx, input)),
    orderGiftCardApply: async (_, { input }, ctx) => payload(await paid(ctx, await orderGiftCardApply(ctx, input))),
  },
  GiftCard: {
    __resolveReference: ({ id }, ctx) => ctx.load(loaders).byId.load(readId('gft', id)),
    status: (card, _, { clock }) => giftCardStatusOf(card, clock.now()),
    availableTransitions: (card, _, { clock }) => giftCardTransitions(card, clock.now()),
    customer: (card) => (card.customerId ? { id: card.customerId } : null),
    initial: (card) => money(card.initial, card.currency),
    balance: (card) => money(card.balance, card.currency),
    held: (card) => money(card.held, card.currency),
    available: (card) => spendable(card),
    entries: async (card, page, ctx) => {
      const entries = await ctx.load(pageLoaders).entries(card.id, page);
      const edges = entries.edges.map(({ cursor, node }) => ({ cursor, node: { ...node, currency: card.currency } }));
      return { ...entries, edges, nodes: edges.map(({ node }) => node) };
    },
  },
  GiftCardEntry: {
    amount: (entry) => money(entry.amount, entry.currency),
    held: (entry) => money(entry.held, entry.currency),
    balance: (entry) => money(entry.balance, entry.currency),
    order: (entry, _, ctx) => (entry.orderId ? ctx.load(orderLoaders).byId.load(entry.orderId) : null),
    actor: ({ actorKind: kind, actorId: id }) => ({ kind, id }),
  },
  GiftCardEnquiry: {
    status: (card, _, { clock }) => giftCardStatusOf(card, clock.now()),
    available: (card) => spendable(card),
  },
  Customer: { giftCards: (customer, page, ctx) => ctx.load(pageLoaders).ofCustomer(customer.id, page) },
  Store: { giftCardLiability: (_, _args, ctx) => ctx.db.read(liabilityLists) },
};
