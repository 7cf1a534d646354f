import type { CustomerId } from '@storegraph/core';
import { own, owned, type Tx } from '@storegraph/database';
import { and, eq, inArray, notInArray } from 'drizzle-orm';
import { customerTags } from './tables.ts';

/** Gives a customer whom this transaction has made or locked these tags as well. Tells whether one of them was new. */
export async function addTags(tx: Tx, customerId: CustomerId, tags: readonly string[]): Promise<boolean> {
  if (tags.length === 0) return false;
  const added = await tx
    .insert(customerTags)
    .values(tags.map((tag) => owned(tx, { tag, customerId })))
    .onConflictDoNothing()
    .returning({ tag: customerTags.tag });
  return added.length > 0;
}

/** Takes these tags from a customer who is locked. Tells whether it bore one of them. */
export async function removeTags(tx: Tx, customerId: CustomerId, tags: readonly string[]): Promise<boolean> {
  const removed = await tx
    .delete(customerTags)
    .where(own(tx, customerTags, and(eq(customerTags.customerId, customerId), inArray(customerTags.tag, [...tags]))))
    .returning({ tag: customerTags.tag });
  return removed.length > 0;
}

/** Makes these the only tags of a customer who is locked. Tells whether that changed anything. */
export async function replaceTags(tx: Tx, customerId: CustomerId, tags: readonly string[]): Promise<boolean> {
  const others = tags.length > 0 ? notInArray(customerTags.tag, [...tags]) : undefined;
  const removed = await tx
    .delete(customerTags)
    .where(own(tx, customerTags, and(eq(customerTags.customerId, customerId), others)))
    .returning({ tag: customerTags.tag });
  const added = await addTags(tx, customerId, tags);
  return added || removed.length > 0;
}

/** How many tags a customer bears. */
export const countTags = (tx: Tx, customerId: CustomerId): Promise<number> =>
  tx.$count(customerTags, own(tx, customerTags, eq(customerTags.customerId, customerId)));
