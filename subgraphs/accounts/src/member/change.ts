import { fail, ok, type Result } from '@storegraph/core';
import type { Tx } from '@storegraph/database';
import { signal } from '@storegraph/events';
import { readId, type Context } from '@storegraph/subgraph';
import { callerStore } from '../caller.ts';
import { refusalOf, refusalText, type MemberTransitionName, type RefusalOf } from './member.ts';
import { memberForChange, type MemberRow } from './queries.ts';

/** What the events of a member carry. */
const factsOf = (storeId: `sto_${string}`, { id: memberId, userId, roleId }: MemberRow) => ({ storeId, memberId, userId, roleId });

/** Changes one member: refused where the member's life or the caller's rights do not allow it, and felt by the member's very next request. */
export function changeMember<Change extends MemberTransitionName, T>(
  { db, identity }: Context,
  change: Change,
  given: string,
  apply: (tx: Tx, member: MemberRow, facts: ReturnType<typeof factsOf>) => Promise<T>,
): Promise<Result<T, RefusalOf<Change> | 'NOT_FOUND'>> {
  const storeId = callerStore(identity);
  return db.write(async (tx) => {
    const found = await memberForChange(tx, readId('mem', given));
    if (!found) return fail('NOT_FOUND', 'No such member.', ['memberId']);
    const { member, state } = found;
    const refusal = refusalOf(change, state, identity.permissions);
    if (refusal) return fail(refusal, refusalText[refusal], ['memberId']);
    await signal(tx, 'credentials', { subjectId: member.userId });
    return ok(await apply(tx, member, factsOf(storeId, member)));
  });
}
