import { toUuid, type CustomerId } from '@storegraph/core';
import { own, storeOf, uuids, type Tx } from '@storegraph/database';
import { eraseAddresses, erasePersonal } from '@storegraph/events';
import { inArray, sql } from 'drizzle-orm';
import { accounts, signUps } from '../account/tables.ts';
import { addresses } from '../address/tables.ts';
import { contactPoints } from '../contact-point/tables.ts';
import { customers } from '../customer/tables.ts';
import { endSessions } from '../session/revoke.ts';
import { sessions } from '../session/tables.ts';
import { customerTags } from '../tag/tables.ts';
import type { Erased, Kept } from './erasure.ts';

/**
 * Takes out of this domain and its events whatever is personal about somebody, who is locked under all of their ids. What stays is an id and a
 * number, which the records of other domains refer to. Tells what has gone and what has stayed.
 */
export async function blank(tx: Tx, ids: readonly CustomerId[], now: Date): Promise<{ erased: Erased[]; kept: Kept[] }> {
  const all = [...ids];
  const known = await tx
    .select({ channel: contactPoints.channel, address: contactPoints.address })
    .from(contactPoints)
    .where(own(tx, contactPoints, inArray(contactPoints.customerId, all)));
  const emails = known.filter(({ channel }) => channel === 'EMAIL').map(({ address }) => address);

  // Whoever was about to sign up with one of these addresses would bring it back.
  const waiting =
    emails.length === 0
      ? []
      : await tx
          .delete(signUps)
          .where(own(tx, signUps, inArray(signUps.email, emails)))
          .returning({ id: signUps.id });
  const loggedIn = await tx.$count(sessions, own(tx, sessions, inArray(sessions.customerId, all)));
  for (const id of ids) await endSessions(tx, id, 'CUSTOMER_DISABLED', now);
  const counts: Erased[] = [{ what: 'customers', count: all.length }];
  // The account takes its password, sessions and tokens along.
  for (const [what, table] of [
    ['accounts', accounts],
    ['addresses', addresses],
    ['contact_points', contactPoints],
    ['customer_tags', customerTags],
  ] as const) {
    const gone = await tx.delete(table).where(own(tx, table, inArray(table.customerId, all)));
    counts.push({ what, count: gone.count });
  }
  await tx
    .update(customers)
    .set({
      firstName: null,
      lastName: null,
      searchName: '',
      language: null,
      timezone: null,
      birthDate: null,
      gender: null,
      country: null,
      note: null,
      metadata: {},
      status: 'DISABLED',
      erasedAt: now,
      updatedAt: now,
    })
    .where(own(tx, customers, inArray(customers.id, all)));
  const answers = await forgetAnswers(
    tx,
    ids,
    known.map(({ address }) => address),
  );
  const events = (await erasePersonal(tx, ...ids, ...waiting.map(({ id }) => id))) + (await eraseAddresses(tx, emails));
  const files = await tx.execute(sql`delete from customers.exports where store_id = ${toUuid(storeOf(tx))}::uuid`);
  counts.push(
    { what: 'sessions', count: loggedIn },
    { what: 'sign_ups', count: waiting.length },
    { what: 'exports', count: files.count },
    { what: 'idempotency_keys', count: answers },
    { what: 'events', count: events },
  );
  return { erased: counts.filter(({ count }) => count > 0), kept: [{ what: 'customers', count: all.length, reason: 'LEDGER' }] };
}

/** Answers that are kept under idempotency keys: those to the person, and those that tell one of the person's addresses. */
async function forgetAnswers(tx: Tx, ids: readonly CustomerId[], told: readonly string[]): Promise<number> {
  const forgotten = await tx.execute(sql`
    delete from customers.idempotency_keys where store_id = ${toUuid(storeOf(tx))}::uuid and (
      subject = any(${uuids(ids)})
      or exists (select from jsonb_array_elements_text(cast(${JSON.stringify(told)}::text as jsonb)) as known (address) where position(address in answer) > 0))`);
  return forgotten.count;
}
