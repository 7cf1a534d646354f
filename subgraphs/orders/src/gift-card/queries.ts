import { money, ok, type Id, type Money, type Result } from '@storegraph/core';
import { type Connection, descending, keyset, own, type PageArguments, type Tx, uuids } from '@storegraph/database';
import { grouped, loader, orThrow, readId, type Context, type LoadContext } from '@storegraph/subgraph';
import { and, asc, count, desc, eq, getTableColumns, gt, gte, isNotNull, isNull, lt, lte, or, sql, type SQL } from 'drizzle-orm';
import { alias } from 'drizzle-orm/pg-core';
import { pageLoader } from '../paged.ts';
import { lookUpCode } from './guess.ts';
import { available, type GiftCardKind, type GiftCardStatus } from './gift-card.ts';
import { giftCardEntries, giftCards, giftCardTotals, type GiftCardEntryRow, type GiftCardRow } from './tables.ts';

const newestFirst = { table: giftCards, sort: [descending(giftCards.id)], id: giftCards.id };

export interface GiftCardListArguments extends PageArguments {
  readonly filter?: {
    readonly status?: readonly GiftCardStatus[] | null;
    readonly kind?: GiftCardKind | null;
    readonly customerId?: string | null;
    readonly currency?: string | null;
    readonly lastFour?: string | null;
    readonly query?: string | null;
  } | null;
}

/** A page of the store's cards, newest first. Throws BAD_REQUEST for a page that can't be read. */
export function giftCardPage({ db, clock }: Context, { filter, ...page }: GiftCardListArguments): Promise<Connection<GiftCardRow>> {
  const part = orThrow(keyset(page, newestFirst));
  const now = clock.now();
  const conditions = [
    filter?.status ? or(sql`false`, ...filter.status.map((status) => inStatus(status, now))) : undefined,
    filter?.kind ? eq(giftCards.kind, filter.kind) : undefined,
    filter?.customerId ? eq(giftCards.customerId, readId('cus', filter.customerId)) : undefined,
    filter?.currency ? eq(giftCards.currency, filter.currency) : undefined,
    filter?.lastFour ? eq(giftCards.lastFour, filter.lastFour.trim().toUpperCase()) : undefined,
    filter?.query ? answersTo(filter.query) : undefined,
  ];
  return db.read(async (tx) => {
    const rows = await tx
      .select()
      .from(giftCards)
      .where(own(tx, giftCards, ...conditions, part.where))
      .orderBy(...part.orderBy)
      .limit(part.limit);
    const total = async () => {
      const [row] = await db.read((later) =>
        later
          .select({ cards: count() })
          .from(giftCards)
          .where(own(later, giftCards, ...conditions)),
      );
      return row?.cards ?? 0;
    };
    return part.connection(rows, total);
  });
}

/** The same as `giftCardStatusOf`, for the database. */
function inStatus(status: GiftCardStatus, now: Date): SQL | undefined {
  const enabled = isNull(giftCards.disabledAt);
  const expired = lte(giftCards.expiresAt, now);
  const unexpired = or(isNull(giftCards.expiresAt), gt(giftCards.expiresAt, now));
  switch (status) {
    case 'DISABLED':
      return isNotNull(giftCards.disabledAt);
    case 'EXPIRED':
      return and(enabled, expired);
    case 'USED':
      return and(enabled, unexpired, eq(giftCards.balance, 0n));
    case 'ACTIVE':
      return and(enabled, unexpired, gt(giftCards.balance, 0n));
  }
}

/** The last four characters of a code, a recipient's e-mail address, or how a recipient's name begins. */
function answersTo(query: string): SQL | undefined {
  const text = query.trim().toLowerCase();
  return or(
    eq(giftCards.lastFour, text.toUpperCase()),
    eq(giftCards.recipientEmail, text),
    // Past the last text that begins so, in the order of the C collation.
    and(gte(giftCards.searchName, text), lt(giftCards.searchName, `${text}\u{10ffff}`)),
  );
}

/** What whoever has a code may know of its card. Null alike for a code that is none, a disabled card and somebody else's. */
export async function enquire(ctx: Context, code: string): Promise<Result<GiftCardRow | null, 'TOO_MANY_ATTEMPTS'>> {
  const { identity } = ctx;
  // A visitor of no store asks about a card of none.
  if (identity.storeId === null) return ok(null);
  if (identity.kind !== 'CUSTOMER' && identity.kind !== 'ANONYMOUS') return lookUpCode(ctx, code);
  const customerId = identity.kind === 'CUSTOMER' && identity.subjectId ? readId('cus', identity.subjectId) : null;
  return lookUpCode(ctx, code, customerId);
}

export const spendable = (card: GiftCardRow): Money => money(available(card), card.currency);

export interface Liability {
  readonly currency: string;
  readonly kind: GiftCardKind;
  readonly cards: bigint;
  readonly balance: bigint;
  readonly held: bigint;
}

/** What the store owes, by currency and kind: kept as sums, so that it costs the same for a million cards as for one. */
export async function liabilities(tx: Tx): Promise<Liability[]> {
  const sumOf = (column: typeof giftCardTotals.cards | typeof giftCardTotals.balance | typeof giftCardTotals.held) =>
    sql`sum(${column})`.mapWith(BigInt);
  return tx
    .select({
      currency: giftCardTotals.currency,
      kind: giftCardTotals.kind,
      cards: sumOf(giftCardTotals.cards),
      balance: sumOf(giftCardTotals.balance),
      held: sumOf(giftCardTotals.held),
    })
    .from(giftCardTotals)
    .where(own(tx, giftCardTotals))
    .groupBy(giftCardTotals.currency, giftCardTotals.kind)
    .orderBy(asc(giftCardTotals.currency), asc(giftCardTotals.kind));
}

const newest = alias(giftCards, 'newest');
const entry = alias(giftCardEntries, 'entry');
const latestFirst = { table: giftCardEntries, sort: [descending(giftCardEntries.sequence)], id: giftCardEntries.id };

export const pageLoaders = (ctx: LoadContext) => ({
  /** Of each customer a page of the cards that are theirs, newest first, in one statement. */
  ofCustomer: pageLoader<'cus', GiftCardRow>(ctx, async (ids, page) => {
    const part = orThrow(keyset(page, newestFirst));
    const rows = await ctx.db.read((tx) => {
      const lateral = tx
        .select()
        .from(giftCards)
        .where(own(tx, giftCards, sql`${giftCards.customerId} = parent.id`, part.where))
        .orderBy(...part.orderBy)
        .limit(part.limit)
        .as('newest');
      return tx
        .select(getTableColumns(newest))
        .from(sql`unnest(${uuids(ids)}) as parent (id)`)
        .crossJoinLateral(lateral)
        .orderBy(desc(newest.id));
    });
    const counts = ctx.load(countLoaders).byCustomer;
    return grouped(ids, rows, (row) => row.customerId).map((theirs, index) => {
      const customer = ids[index];
      return part.connection(theirs, async () => (customer ? counts.load(customer) : 0));
    });
  }),
  /** Of each card a page of its entries, the latest first, in one statement. */
  entries: pageLoader<'gft', GiftCardEntryRow>(ctx, async (ids, page) => {
    const part = orThrow(keyset(page, latestFirst));
    const rows = await ctx.db.read((tx) => {
      const lateral = tx
        .select()
        .from(giftCardEntries)
        .where(own(tx, giftCardEntries, sql`${giftCardEntries.cardId} = parent.id`, part.where))
        .orderBy(...part.orderBy)
        .limit(part.limit)
        .as('entry');
      return tx
        .select(getTableColumns(entry))
        .from(sql`unnest(${uuids(ids)}) as parent (id)`)
        .crossJoinLateral(lateral)
        .orderBy(desc(entry.sequence));
    });
    const counts = ctx.load(countLoaders).byCard;
    return grouped(ids, rows, (row) => row.cardId).map((theirs, index) => {
      const card = ids[index];
      return part.connection(theirs, async () => (card ? counts.load(card) : 0));
    });
  }),
});

const countLoaders = (ctx: LoadContext) => ({
  byCustomer: loader(ctx, async (ids: readonly Id<'cus'>[]) => {
    const rows = await ctx.db.read((tx) =>
      tx
        .select({ id: giftCards.customerId, cards: count() })
        .from(giftCards)
        .where(own(tx, giftCards, sql`${giftCards.customerId} = any(${uuids(ids)})`))
        .groupBy(giftCards.customerId),
    );
    return ids.map((id) => rows.find((row) => row.id === id)?.cards ?? 0);
  }),
  byCard: loader(ctx, async (ids: readonly Id<'gft'>[]) => {
    const rows = await ctx.db.read((tx) =>
      tx
        .select({ id: giftCardEntries.cardId, entries: count() })
        .from(giftCardEntries)
        .where(own(tx, giftCardEntries, sql`${giftCardEntries.cardId} = any(${uuids(ids)})`))
        .groupBy(giftCardEntries.cardId),
    );
    return ids.map((id) => rows.find((row) => row.id === id)?.entries ?? 0);
  }),
});
