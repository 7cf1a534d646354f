import { ok } from '@storegraph/core';
import { one, own } from '@storegraph/database';
import { emit, memberSuspended } from '@storegraph/events';
import type { Context } from '@storegraph/subgraph';
import { eq } from 'drizzle-orm';
import type { MemberSuspendInput } from '../../generated/graphql.ts';
import { revokeInvitationsOf } from '../../invitation/revoke.ts';
import { changeMember } from '../change.ts';
import { members } from '../tables.ts';

export function memberSuspend(ctx: Context, input: MemberSuspendInput) {
  return changeMember(ctx, 'SUSPEND', input.memberId, async (tx, member, facts) => {
    const suspended = one(
      await tx
        .update(members)
        .set({ status: 'SUSPENDED', suspendedAt: ctx.clock.now() })
        .where(own(tx, members, eq(members.id, member.id)))
        .returning(),
    );
    await revokeInvitationsOf(tx, member.storeId, member.userId, ctx.clock.now());
    await emit(tx, memberSuspended(facts));
    return ok(suspended);
  });
}
