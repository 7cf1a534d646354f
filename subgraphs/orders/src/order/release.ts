import type { Tx } from '@storegraph/database';
import { releaseRedemptions } from '../discount/redeem.ts';
import { releaseHeld } from '../payment/release.ts';
import type { Fact } from './record.ts';
import type { OrderRow } from './tables.ts';

/**
 * Lets go of all that a locked order holds and will not need: money that payments and gift cards hold, and the uses of discounts that it took.
 * What was let go before is not let go again. The caller records the facts, and that nothing is held.
 */
export async function releaseEverything(tx: Tx, order: OrderRow, now: Date): Promise<Fact[]> {
  // Discounts before gift cards, as a checkout takes them, so that the two never wait for each other.
  await releaseRedemptions(tx, order.id, now);
  return order.authorized > 0n ? releaseHeld(tx, order, now) : [];
}
