import { fail, isRefusal, newId, ok, type CustomerId, type Id, type Result } from '@storegraph/core';
import { first, once, own, owned, type Tx } from '@storegraph/database';
import { customerErased, domainsThatHear, emit } from '@storegraph/events';
import { idempotencyKey, idOf, validate, type Context, type InputCode } from '@storegraph/subgraph';
import { eq, inArray, isNull, or } from 'drizzle-orm';
import { z } from 'zod';
import { endImports } from '../../customer-import/end.ts';
import { lockCustomers } from '../../customer/lock.ts';
import { customers, type CustomerRow } from '../../customer/tables.ts';
import { everyIdOf, survivors } from '../../merge/forward.ts';
import { merges } from '../../merge/tables.ts';
import { blank } from '../blank.ts';
import { erasureReasons, type ErasureReason } from '../erasure.ts';
import { erasureParts, erasures } from '../tables.ts';

type Code = InputCode | 'NOT_FOUND' | 'ALREADY_ERASED' | 'IDEMPOTENCY_KEY_REUSED';

const inputSchema = z.object({ customerId: idOf('cus'), reason: z.enum(erasureReasons), idempotencyKey });

export async function customerErase({ db, clock }: Context, given: unknown): Promise<Result<{ id: Id<'ers'> }, Code>> {
  const checked = validate(inputSchema, given);
  if (isRefusal(checked)) return checked;
  const { customerId, reason } = checked.value;
  const now = clock.now();
  return db.write((tx) => once(tx, 'customerErase', checked.value, () => erase(tx, customerId, reason, now)));
}

async function erase(tx: Tx, asked: CustomerId, reason: ErasureReason, now: Date): Promise<Result<{ id: Id<'ers'> }, Code>> {
  // Nobody's files end for somebody who is not there, or not any more.
  const files = (await isThere(tx, asked)) ? await endImports(tx, now) : 0;
  const person = await lockPerson(tx, asked);
  if (!person) return fail('NOT_FOUND', 'No such customer.', ['customerId']);
  const { customer, ids } = person;
  if (customer.erasedAt) return fail('ALREADY_ERASED', 'The customer has been erased already.', ['customerId']);

  const { erased, kept } = await blank(tx, ids, now);
  if (files > 0) erased.push({ what: 'customer_imports', count: files });
  await tx
    .update(merges)
    .set({ snapshot: null })
    .where(own(tx, merges, or(inArray(merges.survivorId, ids), inArray(merges.mergedId, ids))));

  const id = newId('ers');
  const others = (await domainsThatHear(tx, customerErased)).filter((domain) => domain !== 'customers');
  const { kind: requestedByKind, subjectId: requestedById } = tx.scope.identity;
  const done = others.length === 0;
  const facts = { customerId: customer.id, reason, status: done ? 'COMPLETED' : 'PENDING', completedAt: done ? now : null } as const;
  await tx.insert(erasures).values(owned(tx, { id, ...facts, requestedAt: now, requestedByKind, requestedById }));
  await tx
    .insert(erasureParts)
    .values([
      owned(tx, { erasureId: id, domain: 'customers', doneAt: now, erased, kept }),
      ...others.map((domain) => owned(tx, { erasureId: id, domain, doneAt: null, erased: [], kept: [] })),
    ]);
  await emit(tx, customerErased({ customerId: customer.id, erasureId: id, customerIds: ids }));
  return ok({ id });
}

async function isThere(tx: Tx, id: CustomerId): Promise<boolean> {
  const isIt = own(tx, customers, eq(customers.id, id), isNull(customers.erasedAt));
  return first(await tx.select({ id: customers.id }).from(customers).where(isIt)) !== undefined;
}

/** The customer who answers for an id, with every id that leads there, all of them locked. Undefined where there is none. */
async function lockPerson(tx: Tx, asked: CustomerId): Promise<{ customer: CustomerRow; ids: CustomerId[] } | undefined> {
  for (;;) {
    const id = (await survivors(tx, [asked])).get(asked) ?? asked;
    const locked = await lockCustomers(tx, await everyIdOf(tx, id));
    const customer = locked.get(id);
    if (!customer) return undefined;
    const ids = await everyIdOf(tx, id);
    // A merge, or the undoing of one, may have come between the look and the locks.
    if (customer.mergedIntoId === null && ids.length === locked.size && ids.every((each) => locked.has(each))) return { customer, ids };
  }
}
