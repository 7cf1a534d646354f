import { fail, isRefusal, ok, refuse, type Problem, type Result } from '@storegraph/core';
import { idOf, validate, type Context, type InputCode } from '@storegraph/subgraph';
import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { ownerOf } from '../../caller.ts';
import { consentsInput, type ConsentCode } from '../../consent/consent.ts';
import { readConsents, recordConsents } from '../../consent/write.ts';
import { replaceTags } from '../../tag/write.ts';
import { changeCustomer } from '../change.ts';
import { lockCustomer } from '../lock.ts';
import { changedFields, detailsShape, profileOf, profileShape } from '../profile.ts';
import type { CustomerRow } from '../tables.ts';

type Code = InputCode | ConsentCode | 'NOT_FOUND' | 'STAFF_ONLY';

export async function customerUpdate(ctx: Context, given: unknown): Promise<Result<CustomerRow, Code>> {
  const { clock } = ctx;
  const schema = z.object({ customerId: idOf('cus'), ...profileShape(clock.now()), ...detailsShape, consents: consentsInput });
  const checked = validate(schema, given);
  if (isRefusal(checked)) return checked;
  const { customerId, tags, note, metadata, consents, ...changes } = checked.value;

  if (ctx.identity.kind === 'CUSTOMER') {
    const refused = staffOnly({ tags, note, metadata }, consents ?? []);
    if (refused.length > 0) return refuse(refused);
  }
  const { db, owns } = ownerOf(ctx);

  return db.write(async (tx) => {
    const before = owns(customerId) ? await lockCustomer(tx, customerId) : undefined;
    if (!before) return fail('NOT_FOUND', 'No such customer.', ['customerId']);
    const said = await readConsents(tx, before, consents);
    if (isRefusal(said)) return said;
    await recordConsents(ctx, tx, customerId, said.value);

    const profile = profileOf(changes, before);
    const details = {
      note: note === undefined ? before.note : note,
      metadata: metadata === undefined ? before.metadata : (metadata ?? {}),
    };
    const changed = [
      ...changedFields(before, profile),
      ...(tags !== undefined && (await replaceTags(tx, customerId, tags ?? [])) ? (['tags'] as const) : []),
      ...(details.note === before.note ? [] : (['note'] as const)),
      ...(isDeepStrictEqual(details.metadata, before.metadata) ? [] : (['metadata'] as const)),
    ];
    return ok(changed.length > 0 ? await changeCustomer(tx, before, { ...profile, ...details }, changed) : before);
  });
}

/** What a customer may not say of itself: what the store keeps about it, and whether somebody else's address may be written to. */
function staffOnly(details: object, consents: readonly { address?: string | null | undefined }[]): Problem<'STAFF_ONLY'>[] {
  const fields = Object.entries(details).flatMap(([field, value]) => (value === undefined ? [] : [[field]]));
  const addresses = consents.flatMap(({ address }, index) => (address ? [['consents', String(index), 'address']] : []));
  return [...fields, ...addresses].map((field) => ({ code: 'STAFF_ONLY', message: 'Only the store may say this.', field }));
}
