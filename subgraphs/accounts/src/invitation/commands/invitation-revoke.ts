import { fail, ok } from '@storegraph/core';
import { one, own } from '@storegraph/database';
import { emit, invitationRevoked } from '@storegraph/events';
import { readId, type Context } from '@storegraph/subgraph';
import { eq } from 'drizzle-orm';
import { callerStore } from '../../caller.ts';
import type { InvitationRevokeInput } from '../../generated/graphql.ts';
import { refusalText, refusalToTouch } from '../invitation.ts';
import { lockInvitation } from '../queries.ts';
import { invitations, shown } from '../tables.ts';

export function invitationRevoke({ db, identity, clock }: Context, input: InvitationRevokeInput) {
  const storeId = callerStore(identity);
  const id = readId('inv', input.invitationId);
  return db.write(async (tx) => {
    const invitation = await lockInvitation(tx, id);
    if (!invitation) return fail('NOT_FOUND', 'No such invitation.', ['invitationId']);
    const refusal = refusalToTouch(invitation);
    if (refusal) return fail(refusal, refusalText[refusal], ['invitationId']);
    const revoked = one(
      await tx
        .update(invitations)
        .set({ revokedAt: clock.now() })
        .where(own(tx, invitations, eq(invitations.id, id)))
        .returning(shown),
    );
    await emit(tx, invitationRevoked({ storeId, invitationId: id }));
    return ok(revoked);
  });
}
