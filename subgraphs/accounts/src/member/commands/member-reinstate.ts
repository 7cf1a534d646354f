import { one, own } from '@storegraph/database';
import { emit, memberReinstated } from '@storegraph/events';
import type { Context } from '@storegraph/subgraph';
import { eq } from 'drizzle-orm';
import type { MemberReinstateInput } from '../../generated/graphql.ts';
import { changeMember } from '../change.ts';
import { members } from '../tables.ts';

export function memberReinstate(ctx: Context, input: MemberReinstateInput) {
  return changeMember(ctx, 'REINSTATE', input.memberId, async (tx, member, facts) => {
    const reinstated = one(
      await tx
        .update(members)
        .set({ status: 'ACTIVE', suspendedAt: null })
        .where(own(tx, members, eq(members.id, member.id)))
        .returning(),
    );
    await emit(tx, memberReinstated(facts));
    return reinstated;
  });
}
