import { SecretRejected, type Sealer } from '@storegraph/auth';
import { PublicError } from '../errors.ts';

/** The digits of the greatest bigint of PostgreSQL. */
const longest = 19;

/**
 * A place in a feed as a cursor of the API. `feed` names the one feed that it is for, such as `orders|live|sto_…`. Sealed: whoever could read it would
 * learn from the gaps how much happens that is not theirs. Of one length, as that would tell how many digits the place has.
 */
export const writeFeedCursor = (sealer: Sealer, feed: string, place: bigint): string =>
  sealer.seal(String(place).padStart(longest, '0'), feed);

/** The place in a cursor of that feed. Throws BAD_REQUEST for any other text. */
export function readFeedCursor(sealer: Sealer, feed: string, cursor: string): bigint {
  try {
    return BigInt(sealer.open(cursor, feed));
  } catch (error) {
    if (error instanceof SecretRejected) throw new PublicError('BAD_REQUEST', 'This cursor does not belong to this feed.');
    throw error;
  }
}
