import { fromString } from 'typeid-js';
import { uuidv7 } from 'uuidv7';
import { base32Of, uuidOf } from './base32.ts';

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
  const end = id.lastIndexOf('_');
  const uuid = end > 0 ? uuidOf(id, end + 1) : undefined;
  if (uuid === undefined) throw new Error(`Not an id: ${id}`);
  return uuid;
}

/** The id that stands in the API for a UUID of the database. Throws on what is no UUID. */
export function fromUuid<Prefix extends string>(prefix: Prefix, uuid: string): Id<Prefix> {
  const digits = base32Of(uuid);
  if (digits === undefined) throw new Error(`Not a UUID: ${uuid}`);
  return `${prefix}_${digits}`;
}

function isOfKind<Prefix extends string>(prefix: Prefix, text: string): text is Id<Prefix> {
  return text.startsWith(`${prefix}_`);
}
