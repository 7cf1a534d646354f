import { fail, isRefusal, ok, type Id, type Result } from '@storegraph/core';
import { constraintOf, first, own, savepoint, type Tx } from '@storegraph/database';
import { customerContactPointPrimaryChanged, customerMergeUndone, emit } from '@storegraph/events';
import { idOf, validate, type Context, type InputCode } from '@storegraph/subgraph';
import { eq, sql } from 'drizzle-orm';
import { z } from 'zod';
import { contactPoints } from '../../contact-point/tables.ts';
import { changeCustomer } from '../../customer/change.ts';
import { lockCustomers } from '../../customer/lock.ts';
import { customers } from '../../customer/tables.ts';
import { keysOf, takenBack } from '../combine.ts';
import { undoRefusal, type UndoRefusal } from '../merge.ts';
import { moveBack } from '../move.ts';
import { merges, type MergeRow } from '../tables.ts';

type Code = InputCode | 'NOT_FOUND' | 'ADDRESS_TAKEN' | UndoRefusal;

const messages: Readonly<Record<UndoRefusal, string>> = {
  ALREADY_UNDONE: 'The merge has been undone already.',
  SURVIVOR_ERASED: 'The survivor has been erased, and the merged customer with it.',
  SURVIVOR_MERGED: 'The survivor has been merged into another customer: undo that merge first.',
};

export async function customerMergeUndo({ db, clock }: Context, given: unknown): Promise<Result<{ id: Id<'mrg'> }, Code>> {
  const checked = validate(z.object({ mergeId: idOf('mrg') }), given);
  if (isRefusal(checked)) return checked;
  const now = clock.now();
  return db.write((tx) => undo(tx, checked.value.mergeId, now));
}

async function undo(tx: Tx, id: Id<'mrg'>, now: Date): Promise<Result<{ id: Id<'mrg'> }, Code>> {
  const isIt = own(tx, merges, eq(merges.id, id));
  const found = first(await tx.select().from(merges).where(isIt));
  if (!found) return fail('NOT_FOUND', 'No such merge.', ['mergeId']);
  const { survivorId, mergedId } = found;
  const locked = await lockCustomers(tx, [survivorId, mergedId]);
  // Again, as it may have been undone while this waited.
  const merge = first(await tx.select().from(merges).where(isIt));
  const survivor = locked.get(survivorId);
  if (!merge || !survivor) return fail('NOT_FOUND', 'No such merge.', ['mergeId']);
  const refusal = undoRefusal(merge, survivor);
  if (refusal) return fail(refusal, messages[refusal], ['mergeId']);
  const { snapshot } = merge;
  if (!snapshot) throw new Error('A merge that stands has nothing to be undone by.');

  if (!(await givenBack(tx, merge, snapshot, now))) {
    return fail('ADDRESS_TAKEN', 'An address that the merged customer had belongs to another customer by now.', ['mergeId']);
  }
  await tx
    .update(customers)
    .set({ mergedIntoId: null, updatedAt: now })
    .where(own(tx, customers, eq(customers.id, mergedId)));
  const { kind: undoneByKind, subjectId: undoneById } = tx.scope.identity;
  await tx.update(merges).set({ snapshot: null, undoneAt: now, undoneByKind, undoneById }).where(isIt);
  await emit(tx, customerMergeUndone({ survivorId, mergedId, mergeId: id }));
  const profile = takenBack(survivor, snapshot.profile);
  const changed = [...keysOf(profile), ...(snapshot.newTags.length > 0 ? (['tags'] as const) : [])];
  if (changed.length > 0) await changeCustomer(tx, survivor, profile, changed);
  await promoteContactPoints(tx, survivorId);
  return ok({ id });
}

/** False when somebody else has an address that is to come back. */
async function givenBack(tx: Tx, pair: MergeRow, snapshot: NonNullable<MergeRow['snapshot']>, now: Date): Promise<boolean> {
  try {
    await savepoint(tx, () => moveBack(tx, pair, snapshot, now));
    return true;
  } catch (error) {
    if (constraintOf(error) === 'contact_points_address_key') return false;
    throw error;
  }
}

/** Where a primary contact point went back, the oldest that is left on its channel becomes it, a verified one first. */
async function promoteContactPoints(tx: Tx, customerId: MergeRow['survivorId']): Promise<void> {
  const theirs = own(tx, contactPoints, eq(contactPoints.customerId, customerId));
  const promoted = await tx
    .update(contactPoints)
    .set({ isPrimary: true })
    .where(
      own(
        tx,
        contactPoints,
        sql`${contactPoints.id} in (
          select (array_agg(id order by verified_at is null, created_at, id))[1] from ${contactPoints} where ${theirs} group by channel having not bool_or(is_primary))`,
      ),
    )
    .returning({ contactPointId: contactPoints.id, channel: contactPoints.channel });
  await emit(tx, ...promoted.map((point) => customerContactPointPrimaryChanged({ customerId, ...point })));
}
