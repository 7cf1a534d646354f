import { fail, ok, type Result } from '@storegraph/core';
import { first, own } from '@storegraph/database';
import { discountCodeDisabled, emit } from '@storegraph/events';
import { idOf, validate, type Context } from '@storegraph/subgraph';
import { eq, isNull } from 'drizzle-orm';
import { z } from 'zod';
import { discountCodes, type DiscountCodeRow } from '../tables.ts';

const schema = z.object({ codeId: idOf('dcd') });

export async function discountCodeDisable({ db, clock }: Context, given: unknown) {
  const checked = validate(schema, given);
  if (!checked.ok) return checked;
  return db.write(async (tx): Promise<Result<DiscountCodeRow, 'NOT_FOUND' | 'ALREADY_DISABLED'>> => {
    const isIt = eq(discountCodes.id, checked.value.codeId);
    const disabled = first(
      await tx
        .update(discountCodes)
        .set({ disabledAt: clock.now() })
        .where(own(tx, discountCodes, isIt, isNull(discountCodes.disabledAt)))
        .returning(),
    );
    if (!disabled) {
      const known = await tx
        .select({ id: discountCodes.id })
        .from(discountCodes)
        .where(own(tx, discountCodes, isIt));
      return known.length > 0 ? fail('ALREADY_DISABLED', 'The code is switched off.') : fail('NOT_FOUND', 'No such code.', ['codeId']);
    }
    await emit(tx, discountCodeDisabled({ discountId: disabled.discountId, codeId: disabled.id }));
    return ok(disabled);
  });
}
