import { instant, tenantTable, typeId } from '@storegraph/database';
import { index, text } from 'drizzle-orm/pg-core';
import { accountsSchema } from '../schema.ts';

/** What happened, from the events of every domain. Rows are added and never changed; `id` comes from the event, so a replay adds nothing. */
export const activities = tenantTable(
  accountsSchema,
  'activities',
  {
    id: typeId('act').notNull(),
    action: text().notNull(),
    resourceKind: text(),
    /** An id of any kind, as the API shows it. */
    resourceId: text(),
    /** Which fields the input gave, by name: nothing of what they held. */
    fields: text().array().notNull().default([]),
    /** In the performer's words, where the mutation asks why. */
    reason: text(),
    actorKind: text({ enum: ['STAFF', 'API_KEY', 'PLATFORM'] }).notNull(),
    actorId: text().notNull(),
    requestId: text(),
    ip: text(),
    userAgent: text(),
    occurredAt: instant().notNull(),
  },
  (t) => [
    index('activities_in_order').on(t.storeId, t.occurredAt.desc(), t.id.desc()),
    index('activities_of_actor').on(t.storeId, t.actorId, t.occurredAt.desc(), t.id.desc()),
    index('activities_of_performers').on(t.storeId, t.actorKind, t.occurredAt.desc(), t.id.desc()),
    index('activities_of_action').on(t.storeId, t.action, t.occurredAt.desc(), t.id.desc()),
    // An id says its kind, so it needs none beside it.
    index('activities_of_resource').on(t.storeId, t.resourceId, t.occurredAt.desc(), t.id.desc()),
    index('activities_of_kind').on(t.storeId, t.resourceKind, t.occurredAt.desc(), t.id.desc()),
  ],
);
