import { isRefusal, ok, type Id, type Result } from '@storegraph/core';
import type { Context } from '@storegraph/subgraph';
import { loaders } from './loaders.ts';
import type { OrderRow } from './tables.ts';

/** The order that a command names, as it is once the command is done. */
export async function reloaded<Code extends string>(
  ctx: Context,
  result: Result<{ id: Id<'ord'> }, Code>,
): Promise<Result<OrderRow | null, Code>> {
  return isRefusal(result) ? result : ok(await ctx.load(loaders).byId.load(result.value.id));
}
