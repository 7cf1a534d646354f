import { one, own } from '@storegraph/database';
import { emit, memberSuspended } from '@storegraph/events';
import type { Context } from '@storegraph/subgraph';
import { eq } from 'drizzle-orm';
import type { MemberSuspendInput } from '../../generated/graphql.ts';
import { changeMember } from '../change.ts';
import { endWhatTheyMade } from '../made.ts';
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
    const revokedApiKeyCount = await endWhatTheyMade(tx, member, { keepApiKeys: input.keepApiKeys === true, now: ctx.clock.now() });
    await emit(tx, memberSuspended(facts));
    return { member: suspended, revokedApiKeyCount };
  });
}
