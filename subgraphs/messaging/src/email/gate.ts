import type { Tx } from '@storegraph/database';
import { suppressionOf } from './mailbox.ts';
import type { EmailRow, SuppressionReason } from './tables.ts';

/** Whether a mail may go out, and if not, why. */
export type Verdict = { readonly allowed: true } | { readonly allowed: false; readonly reason: SuppressionReason | 'NO_CONSENT' };

/**
 * Asked last, in the moment of sending. Nothing goes to an address from which mail came back. Whoever complained, or is blocked, is still sent what they ask
 * for themselves: the links of AUTH. MARKETING goes to nobody: it needs the recipient's consent, and nobody's is known here.
 */
export async function maySend(tx: Tx, { recipient, category }: Pick<EmailRow, 'recipient' | 'category'>): Promise<Verdict> {
  if (category === 'MARKETING') return { allowed: false, reason: 'NO_CONSENT' };
  const reason = await suppressionOf(tx, recipient);
  if (reason === null || (reason !== 'BOUNCED' && category === 'AUTH')) return { allowed: true };
  return { allowed: false, reason };
}
