import { isRefusal, ok, type Id, type Result } from '@storegraph/core';
import type { Context } from '@storegraph/subgraph';
import { loaders } from './loaders.ts';
import type { OrderRow } from './tables.ts';

/** The order that a command names: with its row, where the command has just written it. */
export interface Placed {
  readonly id: Id<'ord'>;
  readonly row?: OrderRow;
}

/** The order that a command names, as it is once the command is done. */
export async function reloaded<Code extends string>(ctx: Context, result: Result<Placed, Code>): Promise<Result<OrderRow | null, Code>> {
  return isRefusal(result) ? result : ok(result.value.row ?? (await ctx.load(loaders).byId.load(result.value.id)));
}
