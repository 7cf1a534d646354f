import { own, type Connection, type PageArguments } from '@storegraph/database';
import { ascending, keyset } from '@storegraph/database';
import { orThrow, type Context } from '@storegraph/subgraph';
import { and, count, countDistinct, sql } from 'drizzle-orm';
import { customerTags } from './tables.ts';

export interface TagUse {
  readonly tag: string;
  readonly customers: number;
}

/** The tags that customers of the store bear, by the alphabet, each with how many do. Throws BAD_REQUEST for a page that can not be. */
export function tagList(
  { db }: Context,
  { startsWith, ...args }: PageArguments & { readonly startsWith?: string | null },
): Promise<Connection<TagUse>> {
  const page = orThrow(keyset(args, { table: customerTags, sort: [ascending(customerTags.tag)], id: customerTags.tag }));
  const start = startsWith?.trim().toLowerCase();
  const begins = start ? sql`starts_with(${customerTags.tag}, ${start})` : undefined;
  return db.read(async (tx) => {
    const rows = await tx
      .select({ tag: customerTags.tag, customers: count() })
      .from(customerTags)
      .where(own(tx, customerTags, and(begins, page.where)))
      .groupBy(customerTags.tag)
      .orderBy(...page.orderBy)
      .limit(page.limit);
    const total = async () => {
      const [row] = await db.read((again) =>
        again
          .select({ tags: countDistinct(customerTags.tag) })
          .from(customerTags)
          .where(own(again, customerTags, begins)),
      );
      return row?.tags ?? 0;
    };
    return page.connection<TagUse>(rows, total, ({ tag }) => ({ tag }) as typeof customerTags.$inferSelect);
  });
}
