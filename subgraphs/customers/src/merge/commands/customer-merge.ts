import { fail, isRefusal, newId, ok, type CustomerId, type Id, type Result } from '@storegraph/core';
import { once, own, owned, type Tx } from '@storegraph/database';
import { customerMerged, emit } from '@storegraph/events';
import { idempotencyKey, idOf, validate, type Context, type InputCode } from '@storegraph/subgraph';
import { and, countDistinct, eq, inArray, isNull } from 'drizzle-orm';
import { z } from 'zod';
import { mostAddresses } from '../../address/address.ts';
import { addresses } from '../../address/tables.ts';
import { mostContactPoints } from '../../contact-point/contact-point.ts';
import { contactPoints } from '../../contact-point/tables.ts';
import { changeCustomer } from '../../customer/change.ts';
import { lockCustomers } from '../../customer/lock.ts';
import { customers, type CustomerRow } from '../../customer/tables.ts';
import { mostTags } from '../../tag/tag.ts';
import { customerTags } from '../../tag/tables.ts';
import { combine, keysOf } from '../combine.ts';
import { mostMerges } from '../merge.ts';
import { moveToSurvivor } from '../move.ts';
import { merges } from '../tables.ts';

type Code = InputCode | 'NOT_FOUND' | 'SAME_CUSTOMER' | 'ALREADY_MERGED' | 'ERASED' | 'TOO_MANY' | 'IDEMPOTENCY_KEY_REUSED';
type Merged = Result<{ id: Id<'mrg'> }, Code>;

const inputSchema = z.object({ survivorId: idOf('cus'), mergedId: idOf('cus'), idempotencyKey: idempotencyKey.nullish() });

export async function customerMerge({ db, clock }: Context, given: unknown): Promise<Merged> {
  const checked = validate(inputSchema, given);
  if (isRefusal(checked)) return checked;
  const { idempotencyKey: key, ...pair } = checked.value;
  const now = clock.now();
  return db.write((tx) =>
    key ? once(tx, 'customerMerge', { ...pair, idempotencyKey: key }, () => merge(tx, pair, now)) : merge(tx, pair, now),
  );
}

interface Pair {
  readonly survivorId: CustomerId;
  readonly mergedId: CustomerId;
}

async function merge(tx: Tx, { survivorId, mergedId }: Pair, now: Date): Promise<Merged> {
  if (survivorId === mergedId) return fail('SAME_CUSTOMER', 'A customer can not be merged into itself.', ['mergedId']);
  const locked = await lockCustomers(tx, [survivorId, mergedId]);
  const [survivor, merged] = [locked.get(survivorId), locked.get(mergedId)];
  if (!survivor) return fail('NOT_FOUND', 'No such customer.', ['survivorId']);
  if (!merged) return fail('NOT_FOUND', 'No such customer.', ['mergedId']);
  const refused = gone(survivor, 'survivorId') ?? gone(merged, 'mergedId') ?? (await tooMany(tx, [survivorId, mergedId]));
  if (refused) return refused;

  const id = newId('mrg');
  const profile = combine(survivor, merged);
  const snapshot = { profile, ...(await moveToSurvivor(tx, { survivorId, mergedId }, now)) };
  await tx
    .update(customers)
    .set({ mergedIntoId: survivorId, updatedAt: now })
    .where(own(tx, customers, eq(customers.id, mergedId)));
  const { kind: mergedByKind, subjectId: mergedById } = tx.scope.identity;
  await tx.insert(merges).values(owned(tx, { id, survivorId, mergedId, snapshot, mergedAt: now, mergedByKind, mergedById }));
  await emit(tx, customerMerged({ survivorId, mergedId, mergeId: id }));
  const changed = [...keysOf(profile.after), ...(snapshot.newTags.length > 0 ? (['tags'] as const) : [])];
  if (changed.length > 0) await changeCustomer(tx, survivor, profile.after, changed);
  return ok({ id });
}

function gone({ mergedIntoId, erasedAt }: CustomerRow, field: string): Merged | undefined {
  if (erasedAt) return fail('ERASED', 'The customer has been erased.', [field]);
  if (mergedIntoId) return fail('ALREADY_MERGED', 'The customer has been merged into another one.', [field]);
  return undefined;
}

/** What a customer has is given whole, in lists that end somewhere: nothing of it may be lost in a merge. */
async function tooMany(tx: Tx, ids: readonly [CustomerId, CustomerId]): Promise<Merged | undefined> {
  const [tags] = await tx
    .select({ count: countDistinct(customerTags.tag) })
    .from(customerTags)
    .where(own(tx, customerTags, inArray(customerTags.customerId, [...ids])));
  const counts = [
    {
      what: 'contact points',
      most: mostContactPoints,
      has: await tx.$count(contactPoints, own(tx, contactPoints, inArray(contactPoints.customerId, [...ids]))),
    },
    {
      what: 'addresses',
      most: mostAddresses,
      has: await tx.$count(addresses, own(tx, addresses, inArray(addresses.customerId, [...ids]))),
    },
    { what: 'tags', most: mostTags, has: tags?.count ?? 0 },
    {
      what: 'merged customers',
      most: mostMerges,
      has: 1 + (await tx.$count(merges, own(tx, merges, and(eq(merges.survivorId, ids[0]), isNull(merges.undoneAt))))),
    },
  ];
  const over = counts.find(({ most, has }) => has > most);
  return over && fail('TOO_MANY', `Together they would have ${over.has} ${over.what}; ${over.most} are the most.`);
}
