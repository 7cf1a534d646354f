import { fail, isRefusal, ok, type Id, type Refusal, type Result } from '@storegraph/core';
import type { Tx } from '@storegraph/database';
import { readId, type Context } from '@storegraph/subgraph';
import { lockConversation, noSuchConversation } from './access.ts';
import { record, type Change } from './change.ts';
import { refusalMessages } from './conversation.ts';
import { personOf, type Person } from './person.ts';
import type { ConversationRow } from './tables.ts';

/** What a command of the staff does to a conversation. No change at all leaves it as it was. */
export interface Move {
  readonly changes: readonly Change[];
  readonly set?: Partial<ConversationRow>;
}

/** Changes one conversation that the caller may know of: takes it, asks `decide` what is to change, and records it. */
export function changeConversation<Code extends string>(
  { db, identity, clock }: Context,
  id: string,
  decide: (tx: Tx, conversation: ConversationRow, by: Person, now: Date) => Promise<Result<Move, Code>> | Result<Move, Code>,
): Promise<Result<{ id: Id<'cnv'> }, Code | 'NOT_FOUND'>> {
  return db.write(async (tx): Promise<Result<{ id: Id<'cnv'> }, Code | 'NOT_FOUND'>> => {
    const conversation = await lockConversation(tx, identity, readId('cnv', id));
    if (!conversation) return noSuchConversation();
    const now = clock.now();
    const by = personOf(identity);
    const move = await decide(tx, conversation, by, now);
    if (isRefusal(move)) return move;
    await record(tx, conversation, { ...move.value, by, at: now });
    return ok({ id: conversation.id });
  });
}

/** A refusal by the rules, in their words. */
export const refusedBy = <Code extends keyof typeof refusalMessages>(code: Code): Refusal<Code> => fail(code, refusalMessages[code]);
