import { descending, keyset, own, type Connection } from '@storegraph/database';
import { orThrow, PublicError, type Context } from '@storegraph/subgraph';
import { and, eq, gte, inArray, lt } from 'drizzle-orm';
import { callerStore } from '../caller.ts';
import type { ActivityFilter, QueryActivitiesArgs } from '../generated/graphql.ts';
import { activities } from './tables.ts';

type ActivityRow = typeof activities.$inferSelect;

/** What happened in the caller's store, the latest first. */
export async function listActivities(
  { db, identity }: Context,
  { first, after, filter }: QueryActivitiesArgs,
): Promise<Connection<ActivityRow>> {
  callerStore(identity);
  const part = orThrow(keyset({ first, after }, { table: activities, sort: [descending(activities.occurredAt)], id: activities.id }));
  const matches = filter == null ? undefined : conditions(filter);
  const rows = await db.read((tx) =>
    tx
      .select()
      .from(activities)
      .where(own(tx, activities, matches, part.where))
      .orderBy(...part.orderBy)
      .limit(part.limit),
  );
  return part.connection(rows, () => db.read((tx) => tx.$count(activities, own(tx, activities, matches))));
}

const maxChoices = 100;

function conditions({ performerIds, performerKinds, actions, resourceKind, resourceId, from, until }: ActivityFilter) {
  if ((performerIds?.length ?? 0) > maxChoices || (actions?.length ?? 0) > maxChoices) {
    throw new PublicError('BAD_REQUEST', `Name at most ${maxChoices} performers and actions.`);
  }
  return and(
    performerIds == null ? undefined : inArray(activities.actorId, [...performerIds]),
    performerKinds == null ? undefined : inArray(activities.actorKind, [...performerKinds]),
    actions == null ? undefined : inArray(activities.action, [...actions]),
    resourceKind == null ? undefined : eq(activities.resourceKind, resourceKind),
    resourceId == null ? undefined : eq(activities.resourceId, resourceId),
    from == null ? undefined : gte(activities.occurredAt, from),
    until == null ? undefined : lt(activities.occurredAt, until),
  );
}
