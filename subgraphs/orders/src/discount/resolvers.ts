import { isRefusal, money, ok, type Id, type Result } from '@storegraph/core';
import { payload, readId, type Context } from '@storegraph/subgraph';
import type { Resolvers } from '../generated/graphql.ts';
import { loaders as orderLoaders } from '../order/loaders.ts';
import { present } from '../present.ts';
import { discountCheck } from './check.ts';
import { discountArchive } from './commands/discount-archive.ts';
import { discountCodeBatchCreate } from './commands/discount-code-batch-create.ts';
import { discountCodeCreate } from './commands/discount-code-create.ts';
import { discountCodeDisable } from './commands/discount-code-disable.ts';
import { discountCreate } from './commands/discount-create.ts';
import { discountDisable } from './commands/discount-disable.ts';
import { discountEnable } from './commands/discount-enable.ts';
import { discountUpdate } from './commands/discount-update.ts';
import { discountTransitions, statusOf } from './discount.ts';
import { loaders } from './loaders.ts';
import { codeOf, discountPage, pageLoaders } from './queries.ts';
import type { DiscountRow } from './tables.ts';

/** The discount that a command names, as it is once the command is done. */
async function reloaded<Code extends string>(
  ctx: Context,
  result: Result<{ id: Id<'dsc'> }, Code>,
): Promise<Result<DiscountRow | null, Code>> {
  return isRefusal(result) ? result : ok(await ctx.load(loaders).byId.load(result.value.id));
}

const orNull = (amount: bigint | null, currency: string) => (amount === null ? null : money(amount, currency));

export const resolvers: Resolvers = {
  Query: {
    discount: (_, { id }, ctx) => ctx.load(loaders).byId.load(readId('dsc', id)),
    discounts: (_, args, ctx) => discountPage(ctx, args),
    discountCheck: (_, { input }, ctx) => discountCheck(ctx, input),
  },
  Mutation: {
    discountCreate: async (_, { input }, ctx) => payload('discount', await reloaded(ctx, await discountCreate(ctx, input))),
    discountUpdate: async (_, { input }, ctx) => payload('discount', await reloaded(ctx, await discountUpdate(ctx, input))),
    discountEnable: async (_, { input }, ctx) => payload('discount', await reloaded(ctx, await discountEnable(ctx, input))),
    discountDisable: async (_, { input }, ctx) => payload('discount', await reloaded(ctx, await discountDisable(ctx, input))),
    discountArchive: async (_, { input }, ctx) => payload('discount', await reloaded(ctx, await discountArchive(ctx, input))),
    discountCodeCreate: async (_, { input }, ctx) => payload('code', await discountCodeCreate(ctx, input)),
    discountCodeDisable: async (_, { input }, ctx) => payload('code', await discountCodeDisable(ctx, input)),
    discountCodeBatchCreate: async (_, { input }, ctx) => {
      const result = await discountCodeBatchCreate(ctx, input);
      return payload('batch', isRefusal(result) ? result : ok(await ctx.load(loaders).batchById.load(result.value.id)));
    },
  },
  Order: { discounts: (order, _, ctx) => ctx.load(loaders).redemptionsByOrder.load(order.id) },
  Discount: {
    __resolveReference: ({ id }, ctx) => ctx.load(loaders).byId.load(readId('dsc', id)),
    status: (discount, _, { clock }) => statusOf(discount, clock.now()),
    availableTransitions: (discount) => discountTransitions(discount),
    amounts: (discount, _, ctx) => ctx.load(loaders).amountsByDiscount.load(discount.id),
    codes: (discount, page, ctx) => ctx.load(pageLoaders).codesOfDiscount(discount.id, page),
    code: (discount, { code }, ctx) => codeOf(ctx, discount.id, code),
    redemptions: (discount, page, ctx) => ctx.load(pageLoaders).redemptions(discount.id, page),
  },
  DiscountAmount: {
    amount: ({ amount, currency }) => orNull(amount, currency),
    minimumSubtotal: ({ minimumSubtotal, currency }) => orNull(minimumSubtotal, currency),
    maximum: ({ maximum, currency }) => orNull(maximum, currency),
  },
  DiscountCode: {
    status: (code, _, { clock }) => statusOf({ ...code, startsAt: null, archivedAt: null }, clock.now()),
    discount: async (code, _, ctx) => present(await ctx.load(loaders).byId.load(code.discountId)),
    customer: (code) => (code.customerId ? { id: code.customerId } : null),
    batch: (code, _, ctx) => (code.batchId ? ctx.load(loaders).batchById.load(code.batchId) : null),
  },
  DiscountCodeBatch: {
    discount: async (batch, _, ctx) => present(await ctx.load(loaders).byId.load(batch.discountId)),
    codes: (batch, page, ctx) => ctx.load(pageLoaders).codesOfBatch(batch.id, page),
  },
  DiscountRedemption: {
    amount: (redemption) => money(redemption.amount, redemption.currency),
    shipping: (redemption) => money(redemption.shipping, redemption.currency),
    discount: (redemption, _, ctx) => ctx.load(loaders).byId.load(redemption.discountId),
    order: async (redemption, _, ctx) => present(await ctx.load(orderLoaders).byId.load(redemption.orderId)),
    customer: (redemption) => (redemption.customerId ? { id: redemption.customerId } : null),
  },
};
