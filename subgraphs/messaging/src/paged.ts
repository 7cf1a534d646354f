import type { Id } from '@storegraph/core';
import type { Connection, PageArguments } from '@storegraph/database';
import { loader, type LoadContext } from '@storegraph/subgraph';

/** One page of what belongs to one parent. */
interface Asked<P extends string> {
  readonly parent: Id<P>;
  readonly page: PageArguments;
}

/**
 * A loader of pages: parents that are asked for the same page of theirs are answered together, in one call of `fetch`, which gives one
 * connection per parent, in their order.
 */
export function pageLoader<P extends string, Node>(
  ctx: LoadContext,
  fetch: (parents: readonly Id<P>[], page: PageArguments) => Promise<readonly Connection<Node>[]>,
) {
  const pages = loader(
    ctx,
    async (keys: readonly Asked<P>[]) => {
      const found = new Map<Asked<P>, Connection<Node>>();
      for (const group of Map.groupBy(keys, ({ page }) => textOf(page)).values()) {
        const [head] = group;
        if (!head) continue;
        const connections = await fetch(
          group.map(({ parent }) => parent),
          head.page,
        );
        for (const [index, key] of group.entries()) {
          const connection = connections[index];
          if (connection) found.set(key, connection);
        }
      }
      return keys.map((key) => found.get(key) ?? new Error('No page was fetched'));
    },
    { cacheKey: ({ parent, page }: Asked<P>) => `${parent} ${textOf(page)}` },
  );
  return (parent: Id<P>, { first, after, last, before }: PageArguments) => pages.load({ parent, page: { first, after, last, before } });
}

const textOf = ({ first, after, last, before }: PageArguments) =>
  JSON.stringify([first ?? null, after ?? null, last ?? null, before ?? null]);
