import { fromString, fromUUID, toUUID } from 'typeid-js';
import { uuidv7 } from 'uuidv7';

/** A TypeID such as `ord_01kab…`: a kind of thing and a UUIDv7 in base 32 (https://github.com/jetify-com/typeid). */
export type Id<Prefix extends string = string> = `${Prefix}_${string}`;

/** The three subjects that an identity can name, and so the only ids that are known outside their own domain. */
export type StoreId = Id<'sto'>;
export type UserId = Id<'usr'>;
export type CustomerId = Id<'cus'>;

/** A fresh id. Ids made later sort after earlier ones, to the millisecond, in the API as in the database. */
export function newId<Prefix extends string>(prefix: Prefix): Id<Prefix> {
  return fromUuid(prefix, uuidv7());
}

/** Reads an id that came from outside. Gives undefined for what is malformed or names another kind of thing. */
export function parseId<Prefix extends string>(prefix: Prefix, text: unknown): Id<Prefix> | undefined {
  if (typeof text !== 'string' || !isOfKind(prefix, text)) return undefined;
  try {
    fromString(text, prefix);
    return text;
  } catch {
    return undefined;
  }
}

/** The UUID that stands in the database for an id. Throws on a malformed one. */
export function toUuid(id: Id): string {
  return toUUID(fromString(id));
}

/** The id that stands in the API for a UUID of the database. */
export function fromUuid<Prefix extends string>(prefix: Prefix, uuid: string): Id<Prefix> {
  const id: string = fromUUID(uuid, prefix);
  if (!isOfKind(prefix, id)) throw new Error(`Not a ${prefix} id: ${id}`);
  return id;
}

function isOfKind<Prefix extends string>(prefix: Prefix, text: string): text is Id<Prefix> {
  return text.startsWith(`${prefix}_`);
}
