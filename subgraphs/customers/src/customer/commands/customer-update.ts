import { fail, isRefusal, ok, type Result } from '@storegraph/core';
import { idOf, validate, type Context, type InputCode } from '@storegraph/subgraph';
import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { consentsInput, readConsents, recordConsents, type ConsentCode } from '../../consent/consent.ts';
import { replaceTags } from '../../tag/write.ts';
import { changeCustomer } from '../change.ts';
import { lockCustomer } from '../lock.ts';
import { changedFields, detailsShape, profileOf, profileShape } from '../profile.ts';
import type { CustomerRow } from '../tables.ts';

export async function customerUpdate(ctx: Context, given: unknown): Promise<Result<CustomerRow, InputCode | ConsentCode | 'NOT_FOUND'>> {
  const { db, clock } = ctx;
  const schema = z.object({ customerId: idOf('cus'), ...profileShape(clock.now()), ...detailsShape, consents: consentsInput });
  const checked = validate(schema, given);
  if (isRefusal(checked)) return checked;
  const { customerId, tags, note, metadata, consents, ...changes } = checked.value;

  return db.write(async (tx) => {
    const before = await lockCustomer(tx, customerId);
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
