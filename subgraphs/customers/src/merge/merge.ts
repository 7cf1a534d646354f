import type { CustomerRow } from '../customer/tables.ts';
import type { MergeRow } from './tables.ts';

/** How many customers may stand merged into one: the list is given whole. */
export const mostMerges = 100;

export type UndoRefusal = 'ALREADY_UNDONE' | 'SURVIVOR_ERASED' | 'SURVIVOR_MERGED';

/**
 * Why a merge can't be undone as things stand, or null. A merge of merges is undone from its end: while the survivor is itself merged into
 * another customer, what came from the merged one is among that customer's, and goes back in two steps.
 */
export function undoRefusal(
  merge: Pick<MergeRow, 'undoneAt'>,
  survivor: Pick<CustomerRow, 'mergedIntoId' | 'erasedAt'>,
): UndoRefusal | null {
  if (merge.undoneAt) return 'ALREADY_UNDONE';
  if (survivor.erasedAt) return 'SURVIVOR_ERASED';
  return survivor.mergedIntoId ? 'SURVIVOR_MERGED' : null;
}
