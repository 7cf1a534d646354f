import { isRefusal, money, ok, type Id, type Result } from '@storegraph/core';
import { payload, type Context } from '@storegraph/subgraph';
import type { Resolvers } from '../generated/graphql.ts';
import { loaders as orderLoaders } from '../order/loaders.ts';
import { orderPaymentCapture } from './commands/order-payment-capture.ts';
import { orderPaymentRecord } from './commands/order-payment-record.ts';
import { orderPaymentVoid } from './commands/order-payment-void.ts';
import { orderRefund } from './commands/order-refund.ts';
import { present } from '../present.ts';
import { loaders } from './loaders.ts';
import { paymentStateOf, paymentTransitions } from './payment.ts';
import { refundPage } from './queries.ts';

interface Paid {
  readonly payment: { readonly id: Id<'opm'> };
  readonly order: { readonly id: Id<'ord'> };
}

/** The payment and the order that a command names, as they are once the command is done. */
async function paid<Code extends string>(ctx: Context, result: Result<Paid, Code>) {
  if (isRefusal(result)) return result;
  const [payment, order] = await Promise.all([
    ctx.load(loaders).byId.load(result.value.payment.id),
    ctx.load(orderLoaders).byId.load(result.value.order.id),
  ]);
  return ok({ payment, order });
}

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
  },
  Order: {
    payments: (order, _, ctx) => ctx.load(loaders).byOrder.load(order.id),
    refunds: (order, _, ctx) => ctx.load(loaders).refundsByOrder.load(order.id),
  },
  OrderPayment: {
    status: (payment) => paymentStateOf(payment),
    availableTransitions: (payment) => paymentTransitions(payment),
    authorized: (payment) => money(payment.authorized, payment.currency),
    captured: (payment) => money(payment.captured, payment.currency),
    refunded: (payment) => money(payment.refunded, payment.currency),
  },
  Refund: {
    order: (refund, _, ctx) => (refund.orderId ? ctx.load(orderLoaders).byId.load(refund.orderId) : null),
    customer: (refund) => (refund.customerId ? { id: refund.customerId } : null),
    amount: (refund) => money(refund.amount, refund.currency),
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
