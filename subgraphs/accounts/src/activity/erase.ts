import { own } from '@storegraph/database';
import { customerErased, defineReaction, emit, personalDataErased } from '@storegraph/events';
import { and, inArray, isNotNull, or } from 'drizzle-orm';
import { activities } from './tables.ts';

/**
 * Takes out of the log what is personal about a customer who is erased: where the customer did something from, and what somebody wrote about what was
 * done to the customer. That it was done stays. A replay answers again, and only the first answer counts.
 */
export const eraseActivities = defineReaction({
  name: 'accounts.erase-activities',
  kind: 'projection',
  on: [customerErased],
  handle: async (tx, { payload: { erasureId, customerId, customerIds } }) => {
    const ids = [...customerIds];
    const [theirs, aboutThem] = [inArray(activities.actorId, ids), inArray(activities.resourceId, ids)];
    const from = await tx
      .update(activities)
      .set({ ip: null, userAgent: null })
      .where(own(tx, activities, and(theirs, or(isNotNull(activities.ip), isNotNull(activities.userAgent)))));
    const words = await tx
      .update(activities)
      .set({ reason: null })
      .where(own(tx, activities, and(aboutThem, isNotNull(activities.reason))));
    const some = (count: number) => (count > 0 ? [{ what: 'activities', count }] : []);
    const stays = await tx.$count(activities, own(tx, activities, or(theirs, aboutThem)));
    await emit(
      tx,
      personalDataErased({
        requestId: erasureId,
        subject: customerId,
        domain: 'accounts',
        erased: some(from.count + words.count),
        kept: some(stays).map((kept) => ({ ...kept, reason: 'AUDIT' as const })),
      }),
    );
  },
});
