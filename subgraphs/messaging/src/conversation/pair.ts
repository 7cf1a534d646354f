import type { Identity } from '@storegraph/auth';
import type { Id } from '@storegraph/core';
import type { Tx } from '@storegraph/database';
import { lockConversation } from './access.ts';
import type { ConversationRow } from './tables.ts';

/** Takes two conversations in the order of their ids, so that two commands never wait for each other. Gives them as they were asked for. */
export async function lockBoth(
  tx: Tx,
  identity: Identity,
  one: Id<'cnv'>,
  other: Id<'cnv'>,
): Promise<readonly [ConversationRow | undefined, ConversationRow | undefined]> {
  if (one < other) {
    const first = await lockConversation(tx, identity, one);
    return [first, await lockConversation(tx, identity, other)];
  }
  const first = await lockConversation(tx, identity, other);
  return [await lockConversation(tx, identity, one), first];
}
