import { fail, ok } from '@storegraph/core';
import { one, own } from '@storegraph/database';
import { invitationResent } from '@storegraph/events';
import { readId, type Context } from '@storegraph/subgraph';
import { eq } from 'drizzle-orm';
import { callerStore } from '../../caller.ts';
import type { InvitationResendInput } from '../../generated/graphql.ts';
import { roleLoaders } from '../../role/queries.ts';
import { exceeds, permissionsOf, roleRefusalText } from '../../role/role.ts';
import { refusalText, refusalToTouch, resendAfterMs } from '../invitation.ts';
import { invitationLoaders, lockInvitation } from '../queries.ts';
import { maySend, newLink, send } from '../send.ts';
import { invitations, shown } from '../tables.ts';

export async function invitationResend(ctx: Context, input: InvitationResendInput) {
  callerStore(ctx.identity);
  const id = readId('inv', input.invitationId);
  const known = await ctx.load(invitationLoaders).byId.load(id);
  if (!known) return fail('NOT_FOUND', 'No such invitation.', ['invitationId']);
  const role = await ctx.load(roleLoaders).byId.load(known.roleId);
  if (!role || exceeds(permissionsOf(role), ctx.identity.permissions))
    return fail('ABOVE_YOUR_PERMISSIONS', roleRefusalText.ABOVE_YOUR_PERMISSIONS, ['invitationId']);
  const tooMany = await maySend(ctx, known.email);
  if (tooMany) return tooMany;

  return ctx.db.write(async (tx) => {
    const invitation = await lockInvitation(tx, id);
    if (!invitation) return fail('NOT_FOUND', 'No such invitation.', ['invitationId']);
    const refusal = refusalToTouch(invitation);
    if (refusal) return fail(refusal, refusalText[refusal], ['invitationId']);
    const now = ctx.clock.now();
    if (now.getTime() - invitation.sentAt.getTime() < resendAfterMs)
      return fail('TOO_MANY_ATTEMPTS', 'The invitation was sent a moment ago.', ['invitationId']);
    const { token, ...link } = newLink(now);
    const sent = one(
      await tx
        .update(invitations)
        .set(link)
        .where(own(tx, invitations, eq(invitations.id, id)))
        .returning(shown),
    );
    await send(tx, ctx, invitationResent, sent, token);
    return ok(sent);
  });
}
