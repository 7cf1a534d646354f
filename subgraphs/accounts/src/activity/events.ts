import { fromUuid, toUuid } from '@storegraph/core';
import { owned } from '@storegraph/database';
import { activityRecorded, defineReaction } from '@storegraph/events';
import { activities } from './tables.ts';

/** Keeps the log of what staff, API keys and the platform did, in every domain. What was done in no store is no store's to read. */
export const recordActivities = defineReaction({
  name: 'accounts.activities',
  kind: 'projection',
  on: [activityRecorded],
  handle: async (tx, event) => {
    if (event.storeId === null) return;
    const { action, resourceKind, resourceId, fields, actorKind, actorId, requestId } = event.payload;
    await tx
      .insert(activities)
      .values(
        owned(tx, {
          // The event's own number, so that a replay finds its row again.
          id: fromUuid('act', toUuid(event.id)),
          action,
          resourceKind,
          resourceId,
          fields,
          reason: event.personal?.reason ?? null,
          actorKind,
          actorId,
          requestId,
          ip: event.personal?.ip ?? null,
          userAgent: event.personal?.userAgent ?? null,
          occurredAt: event.occurredAt,
        }),
      )
      .onConflictDoNothing();
  },
});
