import { isRefusal, ok, type Id, type Result } from '@storegraph/core';
import type { Context } from '@storegraph/subgraph';
import { loaders } from './loaders.ts';
import type { ConversationRow } from './tables.ts';

/** The conversation that a command names, as it then is for the caller: null for who has just left it. */
export async function reloaded<Code extends string>(
  ctx: Context,
  result: Result<{ readonly id: Id<'cnv'> }, Code>,
): Promise<Result<ConversationRow | null, Code>> {
  return isRefusal(result) ? result : ok(await ctx.load(loaders).byId.load(result.value.id));
}
