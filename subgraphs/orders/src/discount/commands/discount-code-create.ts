import { fail, ok, type Result } from '@storegraph/core';
import { first, own } from '@storegraph/database';
import { discountCodeCreated, emit } from '@storegraph/events';
import { idOf, readId, validate, type Context } from '@storegraph/subgraph';
import { eq } from 'drizzle-orm';
import { z } from 'zod';
import { noSuchCustomer, unknownCustomer, untilCustomerKnown } from '../../customer/known.ts';
import { codeAddRefusal } from '../discount.ts';
import { code, limit } from '../input.ts';
import { discounts, type DiscountCodeRow } from '../tables.ts';
import { insertCode, insertRandomCode } from '../write.ts';

const schema = z.object({
  discountId: idOf('dsc'),
  code: code.nullish(),
  customerId: idOf('cus').nullish(),
  usageLimit: limit.nullish(),
  endsAt: z.date().nullish(),
});

export const codeAddMessages = { ARCHIVED: 'The discount has been put away.', NOT_BY_CODE: 'The discount is automatic.' };

export async function discountCodeCreate({ db, signal }: Context, given: unknown) {
  const checked = validate(schema, given);
  if (!checked.ok) return checked;
  const { discountId, code: wanted, customerId = null, usageLimit = null, endsAt = null } = checked.value;
  // Nobody has such an id, now or in a moment.
  if (customerId === readId('cus', null)) return noSuchCustomer();

  return untilCustomerKnown(signal, () =>
    db.write(async (tx): Promise<Result<DiscountCodeRow, 'NOT_FOUND' | 'ARCHIVED' | 'NOT_BY_CODE' | 'CODE_TAKEN'>> => {
      const discount = first(
        await tx
          .select()
          .from(discounts)
          .where(own(tx, discounts, eq(discounts.id, discountId))),
      );
      if (!discount) return fail('NOT_FOUND', 'No such discount.', ['discountId']);
      const refusal = codeAddRefusal(discount);
      if (refusal) return fail(refusal, codeAddMessages[refusal]);
      const unknown = customerId ? await unknownCustomer(tx, customerId) : undefined;
      if (unknown) return unknown;

      const about = { discountId, customerId, usageLimit, endsAt };
      const made = wanted ? await insertCode(tx, wanted, about) : await insertRandomCode(tx, null, about);
      if (!made) return fail('CODE_TAKEN', 'The store has this code already.', ['code']);
      await emit(tx, discountCodeCreated({ discountId, codeId: made.id }));
      return ok(made);
    }),
  );
}
