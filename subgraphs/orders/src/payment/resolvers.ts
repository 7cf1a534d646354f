import { isRefusal, money, ok, type Id, type Result } from '@storegraph/core';
import { payload, type Context } from '@storegraph/subgraph';
import type { Resolvers } from '../generated/graphql.ts';
import { loaders as orderLoaders } from '../order/loaders.ts';
import { orderPaymentCapture } from './commands/order-payment-capture.ts';
import { orderPaymentRecord } from './commands/order-payment-record.ts';
import { orderPaymentVoid } from './commands/order-payment-void.ts';
import { orderRefund } from './commands/order-refund.ts';
import { refundCancel } from './commands/refund-cancel.ts';
import { refundGrant } from './commands/refund-grant.ts';
import { refundSettle } from './commands/refund-settle.ts';
import { loaders as giftCardLoaders } from '../gift-card/loaders.ts';
import { present } from '../present.ts';
import { loaders } from './loaders.ts';
import { paid } from './paid.ts';
import { paymentStateOf, paymentTransitions, refundTransitions } from './payment.ts';
import { refundPage } from './queries.ts';

interface Refunded {
  readonly refund: { readonly id: Id<'rfd'> };
  readonly order: { readonly id: Id<'ord'> };
}

async function refunded<Code extends string>(ctx: Context, result: Result<Refunded, Code>) {
  if (isRefusal(result)) return result;
  const [refund, order] = await Promise.all([
    ctx.load(loaders).refundById.load(result.value.refund.id),
    ctx.load(orderLoaders).byId.load(result.value.order.id),
  ]);
  return ok({ refund, order });
}

export const resolvers: Resolvers = {
  Query: { refunds: (_, args, ctx) => refundPage(ctx, args) },
  Mutation: {
    orderPaymentRecord: async (_, { input }, ctx) => payload(await paid(ctx, await orderPaymentRecord(ctx, input))),
    orderPaymentCapture: async (_, { input }, ctx) => payload(await paid(ctx, await orderPaymentCapture(ctx, input))),
    orderPaymentVoid: async (_, { input }, ctx) => payload(await paid(ctx, await orderPaymentVoid(ctx, input))),
    orderRefund: async (_, { input }, ctx) => payload(await refunded(ctx, await orderRefund(ctx, input))),
    refundGrant: async (_, { input }, ctx) => payload(await refunded(ctx, await refundGrant(ctx, input))),
    refundSettle: async (_, { input }, ctx) => payload(await refunded(ctx, await refundSettle(ctx, input))),
    refundCancel: async (_, { input }, ctx) => payload(await refunded(ctx, await refundCancel(ctx, input))),
  },
  Order: {
    payments: (order, _, ctx) => ctx.load(loaders).byOrder.load(order.id),
    refunds: (order, _, ctx) => ctx.load(loaders).refundsByOrder.load(order.id),
    refundsGranted: (order) => money(order.granted, order.currency),
  },
  OrderPayment: {
    status: (payment) => paymentStateOf(payment),
    availableTransitions: (payment) => paymentTransitions(payment),
    authorized: (payment) => money(payment.authorized, payment.currency),
    captured: (payment) => money(payment.captured, payment.currency),
    refunded: (payment) => money(payment.refunded, payment.currency),
    granted: (payment) => money(payment.granted, payment.currency),
    giftCard: (payment, _, ctx) => (payment.giftCardHoldId ? ctx.load(giftCardLoaders).byHold.load(payment.giftCardHoldId) : null),
  },
  Refund: {
    order: (refund, _, ctx) => (refund.orderId ? ctx.load(orderLoaders).byId.load(refund.orderId) : null),
    customer: (refund) => (refund.customerId ? { id: refund.customerId } : null),
    availableTransitions: (refund) => refundTransitions(refund),
    amount: (refund) => money(refund.amount, refund.currency),
    settled: (refund) => money(refund.settled, refund.currency),
    payments: async (refund, _, ctx) =>
      (await ctx.load(loaders).paymentsByRefund.load(refund.id)).map((row) => ({ ...row, currency: refund.currency })),
    lines: async (refund, _, ctx) =>
      (await ctx.load(loaders).linesByRefund.load(refund.id)).map((row) => ({ ...row, currency: refund.currency })),
  },
  RefundPayment: {
    payment: async (share, _, ctx) => present(await ctx.load(loaders).byId.load(share.paymentId)),
    amount: (share) => money(share.amount, share.currency),
  },
  RefundLine: {
    line: (line, _, ctx) => (line.lineId ? ctx.load(orderLoaders).lineById.load(line.lineId) : null),
    amount: (line) => money(line.amount, line.currency),
  },
};
