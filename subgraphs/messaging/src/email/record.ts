import { newId, type Id } from '@storegraph/core';
import type { Tx } from '@storegraph/database';
import { insertEvent, updateEmail } from './mailbox.ts';
import { rankOf, type EmailStatus } from './status.ts';

/** Something that was heard of a mail. */
export interface Heard {
  readonly kind: EmailStatus;
  readonly at: Date;
  readonly detail?: string | null;
  /** The provider's own id of it. */
  readonly providerEventId?: string | null;
  readonly likelyMachine?: boolean;
}

/**
 * Writes down what was heard of a mail, and raises its status where that tells more than is known: in any order, and any number of times, it comes to the
 * same. Gives false where it was known already.
 */
export async function record(
  tx: Tx,
  emailId: Id<'eml'>,
  { kind, at, detail = null, providerEventId = null, likelyMachine = false }: Heard,
): Promise<boolean> {
  const added = await insertEvent(tx, { id: newId('eev'), emailId, kind, detail, providerEventId, likelyMachine, happenedAt: at });
  if (added) await updateEmail(tx, emailId, { status: kind, rank: rankOf[kind] }, rankOf[kind]);
  return added;
}
