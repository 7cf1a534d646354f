import { one, own } from '@storegraph/database';
import { emit, memberRemoved } from '@storegraph/events';
import type { Context } from '@storegraph/subgraph';
import { eq } from 'drizzle-orm';
import type { MemberRemoveInput } from '../../generated/graphql.ts';
import { changeMember } from '../change.ts';
import { endWhatTheyMade } from '../made.ts';
import { members } from '../tables.ts';

export function memberRemove(ctx: Context, input: MemberRemoveInput) {
  return changeMember(ctx, 'REMOVE', input.memberId, async (tx, member, facts) => {
    const removed = one(
      await tx
        .update(members)
        .set({ status: 'REMOVED', removedAt: ctx.clock.now() })
        .where(own(tx, members, eq(members.id, member.id)))
        .returning(),
    );
    const revokedApiKeyCount = await endWhatTheyMade(tx, member, { keepApiKeys: input.keepApiKeys === true, now: ctx.clock.now() });
    await emit(tx, memberRemoved(facts));
    return { member: removed, revokedApiKeyCount };
  });
}
