import { isRefusal, ok, type Id, type Result } from '@storegraph/core';
import type { Context } from '@storegraph/subgraph';
import { loaders as orderLoaders } from '../order/loaders.ts';
import { loaders } from './loaders.ts';

interface Paid {
  readonly payment: { readonly id: Id<'opm'> };
  readonly order: { readonly id: Id<'ord'> };
}

/** The payment and the order that a command names, as they are once the command is done. */
export async function paid<Code extends string>(ctx: Context, result: Result<Paid, Code>) {
  if (isRefusal(result)) return result;
  const [payment, order] = await Promise.all([
    ctx.load(loaders).byId.load(result.value.payment.id),
    ctx.load(orderLoaders).byId.load(result.value.order.id),
  ]);
  return ok({ payment, order });
}
