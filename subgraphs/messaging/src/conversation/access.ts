import { system, type Identity } from '@storegraph/auth';
import { fail, toUuid, type Id, type Refusal } from '@storegraph/core';
import { first, own, type Tx } from '@storegraph/database';
import { PublicError, readId, type Context } from '@storegraph/subgraph';
import { and, eq, isNull, ne, or, sql, type SQL } from 'drizzle-orm';
import { userOf } from './person.ts';
import { conversations, type ConversationRow } from './tables.ts';

type Reader = Pick<Identity, 'kind' | 'subjectId'>;

/**
 * The conversations that the caller may know of, for every query that reads them or what belongs to them. Customers: their own. The store's people: all but
 * what the platform has with customers, and channels that are not everybody's only where they take part. The platform: the latter goes for it as well.
 */
export function visible(identity: Reader): SQL | undefined {
  const user = userOf(identity);
  const readable = user
    ? or(isNull(conversations.readers), sql`${toUuid(user)}::uuid = any (${conversations.readers})`)
    : isNull(conversations.readers);
  switch (identity.kind) {
    case 'SYSTEM':
      return undefined;
    case 'PLATFORM':
      return readable;
    case 'STAFF':
    case 'API_KEY':
      return and(ne(conversations.type, 'ADMIN_CUSTOMER'), readable);
    case 'CUSTOMER':
      return eq(conversations.customerId, readId('cus', identity.subjectId));
    case 'ANONYMOUS':
      return sql`false`;
  }
}

/** The same, of a conversation that has been read. */
export function maySee({ type, readers, customerId }: Pick<ConversationRow, 'type' | 'readers' | 'customerId'>, identity: Reader): boolean {
  const user = userOf(identity);
  const readable = readers === null || (user !== null && readers.includes(user));
  switch (identity.kind) {
    case 'SYSTEM':
      return true;
    case 'PLATFORM':
      return readable;
    case 'STAFF':
    case 'API_KEY':
      return type !== 'ADMIN_CUSTOMER' && readable;
    case 'CUSTOMER':
      return customerId !== null && customerId === identity.subjectId;
    case 'ANONYMOUS':
      return false;
  }
}

/**
 * The context in which conversations are written. Customers have no right to: once their conversation has been found to be theirs, the store's own
 * system writes for them. All others act as themselves.
 */
export const writerOf = (ctx: Context): Context => (ctx.identity.kind === 'CUSTOMER' ? ctx.as(system(ctx.identity.storeId)) : ctx);

/** A key of the caller's own: the system writes for every customer of the store. */
export const keyOf = ({ kind, subjectId }: Reader, key: string): string => (kind === 'CUSTOMER' ? `${subjectId ?? ''} ${key}` : key);

/**
 * Takes a conversation that the caller may know of for this transaction. Every command locks the conversation before it reads or changes anything of it:
 * so its numbers are dense, and two commands neither slip between each other's check and update nor wait for each other in a circle.
 */
export async function lockConversation(tx: Tx, identity: Reader, id: Id<'cnv'>): Promise<ConversationRow | undefined> {
  const found = first(
    await tx
      .select()
      .from(conversations)
      .where(own(tx, conversations, eq(conversations.id, id)))
      .for('no key update'),
  );
  return found && maySee(found, identity) ? found : undefined;
}

export const noSuchConversation = (field = 'conversationId'): Refusal<'NOT_FOUND'> => fail('NOT_FOUND', 'No such conversation.', [field]);

/** Throws FORBIDDEN for a customer who asks for what only staff know. */
export function staffOnly({ kind }: Reader, what: string): void {
  if (kind === 'CUSTOMER') throw new PublicError('FORBIDDEN', `${what} is not for customers.`);
}
