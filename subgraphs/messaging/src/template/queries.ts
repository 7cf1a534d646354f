import type { Id } from '@storegraph/core';
import { ascending, descending, keyset, own, uuids, type Connection, type PageArguments } from '@storegraph/database';
import { inOrder, loader, orThrow, type Context, type LoadContext } from '@storegraph/subgraph';
import { and, count, eq, inArray, sql, type SQL } from 'drizzle-orm';
import { emailTemplates, storeEmailTemplates, type EmailTemplateRow, type StoreEmailTemplateRow } from './tables.ts';
import type { TemplateCategory, TemplateStatus } from './template.ts';
import { newestVersions } from './versions.ts';

export interface TemplateListArguments extends PageArguments {
  readonly filter?: {
    readonly code?: string | null;
    readonly language?: string | null;
    readonly category?: TemplateCategory | null;
  } | null;
}

/** A page of the newest versions of the platform's templates, by code and language. Throws BAD_REQUEST for a page that can't be read. */
export function templatePage({ db }: Context, { filter, ...page }: TemplateListArguments): Promise<Connection<EmailTemplateRow>> {
  const sort = [ascending(emailTemplates.code), ascending(emailTemplates.language)];
  const part = orThrow(keyset(page, { table: emailTemplates, sort, id: emailTemplates.id }));
  const newest = sql`not exists (select from ${emailTemplates} later where later.code = ${emailTemplates.code} and later.language = ${emailTemplates.language}
    and later.active and later.version > ${emailTemplates.version})`;
  const conditions = [
    eq(emailTemplates.active, true),
    newest,
    filter?.code == null ? undefined : eq(emailTemplates.code, filter.code),
    filter?.language == null ? undefined : eq(emailTemplates.language, filter.language),
    filter?.category == null ? undefined : eq(emailTemplates.category, filter.category),
  ];
  return db.read(async (tx) => {
    const rows = await tx
      .select()
      .from(emailTemplates)
      .where(and(...conditions, part.where))
      .orderBy(...part.orderBy)
      .limit(part.limit);
    return part.connection(rows, () =>
      db.read(async (later) => {
        const [row] = await later
          .select({ templates: count() })
          .from(emailTemplates)
          .where(and(...conditions));
        return row?.templates ?? 0;
      }),
    );
  });
}

export interface StoreTemplateListArguments extends PageArguments {
  readonly filter?: {
    readonly code?: string | null;
    readonly language?: string | null;
    readonly status?: readonly TemplateStatus[] | null;
  } | null;
}

/** A page of the store's versions, newest first. Throws BAD_REQUEST for a page that can't be read. */
export function storeTemplatePage(
  { db }: Context,
  { filter, ...page }: StoreTemplateListArguments,
): Promise<Connection<StoreEmailTemplateRow>> {
  const part = orThrow(
    keyset(page, { table: storeEmailTemplates, sort: [descending(storeEmailTemplates.createdAt)], id: storeEmailTemplates.id }),
  );
  const conditions: (SQL | undefined)[] = [
    filter?.code == null ? undefined : eq(storeEmailTemplates.code, filter.code),
    filter?.language == null ? undefined : eq(storeEmailTemplates.language, filter.language),
    filter?.status == null ? undefined : inArray(storeEmailTemplates.status, [...filter.status]),
  ];
  return db.read(async (tx) => {
    const rows = await tx
      .select()
      .from(storeEmailTemplates)
      .where(own(tx, storeEmailTemplates, ...conditions, part.where))
      .orderBy(...part.orderBy)
      .limit(part.limit);
    return part.connection(rows, () =>
      db.read(async (later) => {
        const [row] = await later
          .select({ templates: count() })
          .from(storeEmailTemplates)
          .where(own(later, storeEmailTemplates, ...conditions));
        return row?.templates ?? 0;
      }),
    );
  });
}

export const loaders = (ctx: LoadContext) => ({
  byId: loader(ctx, async (ids: readonly Id<'etp'>[]) => {
    const rows = await ctx.db.read((tx) =>
      tx
        .select()
        .from(emailTemplates)
        .where(sql`${emailTemplates.id} = any(${uuids(ids)})`),
    );
    return inOrder(ids, rows, (row) => row.id);
  }),
  storeById: loader(ctx, async (ids: readonly Id<'set'>[]) => {
    const rows = await ctx.db.read((tx) =>
      tx
        .select()
        .from(storeEmailTemplates)
        .where(own(tx, storeEmailTemplates, sql`${storeEmailTemplates.id} = any(${uuids(ids)})`)),
    );
    return inOrder(ids, rows, (row) => row.id);
  }),
  /** Of what the platform says, the newest version: 0 where it says nothing any more. */
  newestVersion: loader(ctx, async (keys: readonly `${string}|${string}`[]) => {
    const rows = await ctx.db.read((tx) => newestVersions(tx));
    const versions = new Map(rows.map(({ code, language, version }) => [`${code}|${language}`, version]));
    return keys.map((key) => versions.get(key) ?? 0);
  }),
});
