import { ascending, keyset, own, type Connection } from '@storegraph/database';
import { orThrow, type Context } from '@storegraph/subgraph';
import { inArray, ne } from 'drizzle-orm';
import { callerStore } from '../caller.ts';
import type { QueryMembersArgs } from '../generated/graphql.ts';
import type { MemberRow } from './queries.ts';
import { members } from './tables.ts';

/** The members of the caller's store, the longest there first; removed ones only when asked for. */
export async function listMembers({ db, identity }: Context, { first, after, statuses }: QueryMembersArgs): Promise<Connection<MemberRow>> {
  callerStore(identity);
  const part = orThrow(keyset({ first, after }, { table: members, sort: [ascending(members.createdAt)], id: members.id }));
  const isListed = statuses == null ? ne(members.status, 'REMOVED') : inArray(members.status, [...statuses]);
  const rows = await db.read((tx) =>
    tx
      .select()
      .from(members)
      .where(own(tx, members, isListed, part.where))
      .orderBy(...part.orderBy)
      .limit(part.limit),
  );
  return part.connection(rows, () => db.read((tx) => tx.$count(members, own(tx, members, isListed))));
}
