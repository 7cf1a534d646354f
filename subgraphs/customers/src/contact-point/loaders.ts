import type { CustomerId } from '@storegraph/core';
import { own } from '@storegraph/database';
import { grouped, loader, type LoadContext } from '@storegraph/subgraph';
import { asc, desc, inArray } from 'drizzle-orm';
import { channels, type Channel } from './contact-point.ts';
import { contactPoints, type ContactPointRow } from './tables.ts';

export const loaders = (ctx: LoadContext) => ({
  byCustomer: loader(ctx, async (ids: readonly CustomerId[]) => {
    const rows = await ctx.db.read((tx) =>
      tx
        .select()
        .from(contactPoints)
        .where(own(tx, contactPoints, inArray(contactPoints.customerId, [...ids])))
        .orderBy(desc(contactPoints.isPrimary), asc(contactPoints.createdAt), asc(contactPoints.id)),
    );
    return grouped(ids, rows.toSorted(byChannel), (point) => point.customerId);
  }),
});

const byChannel = (a: ContactPointRow, b: ContactPointRow) => channels.indexOf(a.channel) - channels.indexOf(b.channel);

/** The address to use on a channel, or null where there is none. */
export const primaryAddress = (points: readonly ContactPointRow[], channel: Channel): string | null =>
  points.find((point) => point.channel === channel && point.isPrimary)?.address ?? null;
