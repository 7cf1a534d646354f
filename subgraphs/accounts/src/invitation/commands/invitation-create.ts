import { fail, isRefusal, newId, ok } from '@storegraph/core';
import { first, one, own, owned, type Tx } from '@storegraph/database';
import { invitationCreated } from '@storegraph/events';
import { email, idOf, validate, type Context } from '@storegraph/subgraph';
import { eq } from 'drizzle-orm';
import { z } from 'zod';
import type { InvitationCreateInput } from '../../generated/graphql.ts';
import { makerOf } from '../../member/made.ts';
import { findRole, lockPeople } from '../../role/queries.ts';
import { exceeds, permissionsOf, roleRefusalText } from '../../role/role.ts';
import { invitationStatus } from '../invitation.ts';
import { memberWithEmail } from '../lookups.ts';
import type { InvitationRow } from '../queries.ts';
import { maySend, newLink, send } from '../send.ts';
import { invitations, shown } from '../tables.ts';

const shape = z.object({ email, roleId: idOf('rol') });

/** The same answer after the same statements, whether or not anybody has signed up with the address. */
export async function invitationCreate(ctx: Context, input: InvitationCreateInput) {
  const checked = validate(shape, input);
  if (isRefusal(checked)) return checked;
  const { email: address, roleId } = checked.value;
  const tooMany = await maySend(ctx, address);
  if (tooMany) return tooMany;

  const { clock, identity } = ctx;
  return ctx.db.write(async (tx) => {
    await lockPeople(tx);
    const maker = await makerOf(tx, identity);
    if (isRefusal(maker)) return maker;
    const role = await findRole(tx, roleId);
    if (!role) return fail('NOT_FOUND', 'No such role.', ['roleId']);
    if (exceeds(permissionsOf(role), identity.permissions))
      return fail('ABOVE_YOUR_PERMISSIONS', roleRefusalText.ABOVE_YOUR_PERMISSIONS, ['roleId']);
    const status = await memberWithEmail(tx, address);
    if (status === 'ACTIVE' || status === 'SUSPENDED')
      return fail('ALREADY_A_MEMBER', 'A member of the store has this address.', ['email']);

    const now = clock.now();
    const known = first(
      await tx
        .select(shown)
        .from(invitations)
        .where(own(tx, invitations, eq(invitations.email, address))),
    );
    if (known && invitationStatus(known, now) === 'PENDING')
      return fail('ALREADY_INVITED', 'This address has been invited: the invitation can be sent again.', ['email']);

    const { token, ...link } = newLink(now);
    const values = { roleId, invitedBy: maker.value, invitedAt: now, ...link };
    const invitation = known ? await again(tx, known, values) : await invite(tx, address, values);
    await send(tx, ctx, invitationCreated, invitation, token);
    return ok(invitation);
  });
}

type Values = Pick<typeof invitations.$inferInsert, 'roleId' | 'invitedBy' | 'invitedAt' | 'sentAt' | 'expiresAt' | 'tokenHash'>;

const invite = async (tx: Tx, address: string, values: Values) =>
  one(
    await tx
      .insert(invitations)
      .values(owned(tx, { id: newId('inv'), email: address, ...values }))
      .returning(shown),
  );

/** An address keeps its row, whatever became of the invitation before. */
const again = async (tx: Tx, { id }: InvitationRow, values: Values) =>
  one(
    await tx
      .update(invitations)
      .set({ ...values, acceptedAt: null, memberId: null, revokedAt: null })
      .where(own(tx, invitations, eq(invitations.id, id)))
      .returning(shown),
  );
