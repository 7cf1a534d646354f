import { ascending, first, keyset, own, type Connection, type PageArguments } from '@storegraph/database';
import { orThrow, readId, type Context } from '@storegraph/subgraph';
import { eq } from 'drizzle-orm';
import { loaders } from '../conversation/loaders.ts';
import { storeOfMessages } from '../store/known.ts';
import { fill } from './macro.ts';
import { macros, type MacroRow } from './tables.ts';

/** A page of the store's macros by their titles. Throws BAD_REQUEST for a page that can't be read. */
export function macroPage({ db }: Context, page: PageArguments): Promise<Connection<MacroRow>> {
  const part = orThrow(keyset(page, { table: macros, sort: [ascending(macros.title)], id: macros.id }));
  return db.read(async (tx) => {
    const rows = await tx
      .select()
      .from(macros)
      .where(own(tx, macros, part.where))
      .orderBy(...part.orderBy)
      .limit(part.limit);
    return part.connection(rows, () => db.read((later) => later.$count(macros, own(later, macros))));
  });
}

interface Asked {
  readonly id: string;
  readonly conversationId?: string | null;
  readonly values?: readonly { readonly name: string; readonly value: string }[] | null;
}

/** A macro's text with its values: the store's and the conversation's own, and those given, which count more. Null for a macro that there is not. */
export async function macroText(
  ctx: Context,
  { id, conversationId, values }: Asked,
): Promise<{ content: string; missing: string[] } | null> {
  const macro = await ctx.db.read(async (tx) =>
    first(
      await tx
        .select()
        .from(macros)
        .where(own(tx, macros, eq(macros.id, readId('mac', id)))),
    ),
  );
  if (!macro) return null;
  const store = await ctx.db.read(storeOfMessages);
  const conversation = conversationId ? await ctx.load(loaders).byId.load(readId('cnv', conversationId)) : null;
  const known = new Map<string, string>();
  if (store) known.set('store.name', store.name);
  if (conversation?.subject) known.set('conversation.subject', conversation.subject);
  for (const { name, value } of values ?? []) known.set(name, value);
  return fill(macro.content, known);
}
