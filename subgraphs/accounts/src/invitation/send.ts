import { opaqueToken } from '@storegraph/auth';
import { isRefusal, type Id, type Refusal, type UserId } from '@storegraph/core';
import { one, own, type Tx } from '@storegraph/database';
import { emit, type invitationCreated, type invitationResent } from '@storegraph/events';
import type { Context } from '@storegraph/subgraph';
import { callerStore } from '../caller.ts';
import { beginAttempt } from '../session/attempts.ts';
import { stores } from '../store/tables.ts';
import { lifeMs } from './invitation.ts';

/**
 * Whether another mail may go to the address from the caller's store: each store may send only so many, and each address gets only so many from all of
 * them. Counted before it is known whether anybody has the address.
 */
export async function maySend(ctx: Context, email: string): Promise<Refusal<'TOO_MANY_ATTEMPTS'> | null> {
  const nothing = () => Promise.resolve();
  const ofStore = await beginAttempt(ctx, 'INVITATION', callerStore(ctx.identity), nothing);
  if (isRefusal(ofStore)) return ofStore;
  const toAddress = await beginAttempt(ctx, 'INVITED_ADDRESS', email, nothing);
  return isRefusal(toAddress) ? toAddress : null;
}

/** A link that nobody has yet, and until when it leads somewhere. */
export function newLink(now: Date) {
  const { token, hash } = opaqueToken('inv');
  return { token, tokenHash: hash, sentAt: now, expiresAt: new Date(now.getTime() + lifeMs) };
}

interface Sending {
  readonly id: Id<'inv'>;
  readonly roleId: Id<'rol'>;
  readonly email: string;
  readonly invitedBy: UserId | null;
  readonly expiresAt: Date;
}

/** Has the link mailed to the address. It is for nobody else: neither the inviter nor the store ever sees it. */
export async function send(
  tx: Tx,
  { identity, services }: Context,
  event: typeof invitationCreated | typeof invitationResent,
  { id, roleId, email, invitedBy, expiresAt }: Sending,
  token: string,
): Promise<void> {
  const storeId = callerStore(identity);
  const { storeName } = one(await tx.select({ storeName: stores.name }).from(stores).where(own(tx, stores)));
  const secret = { value: token, sealer: services.sealer, expiresAt };
  await emit(tx, event({ storeId, invitationId: id, roleId, storeName, invitedBy, expiresAt }, { personal: { email }, secret }));
}
