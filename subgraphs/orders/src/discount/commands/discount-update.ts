import { fail, ok, refuse, type Id, type Result } from '@storegraph/core';
import { own } from '@storegraph/database';
import { discountUpdated, emit } from '@storegraph/events';
import { idOf, text, validate, type Context } from '@storegraph/subgraph';
import { eq } from 'drizzle-orm';
import { z } from 'zod';
import { changeRefusal } from '../discount.ts';
import { shapeProblems, terms } from '../input.ts';
import { discountAmounts, discounts, type DiscountRow } from '../tables.ts';
import { insertAmounts, lockDiscount } from '../write.ts';

const schema = z.object({ discountId: idOf('dsc'), title: text(200).optional(), ...terms });
type Input = z.output<typeof schema>;
type Code = 'NOT_FOUND' | 'ARCHIVED' | 'LIMIT_BELOW_USED' | 'REQUIRED' | 'INVALID';

export async function discountUpdate({ db }: Context, given: unknown) {
  const checked = validate(schema, given);
  if (!checked.ok) return checked;
  const input = checked.value;
  return db.write(async (tx): Promise<Result<{ id: Id<'dsc'> }, Code>> => {
    // Locked, so that no order uses it between the look at its uses and the change of its limit.
    const discount = await lockDiscount(tx, input.discountId);
    if (!discount) return fail('NOT_FOUND', 'No such discount.', ['discountId']);
    const refusal = changeRefusal(discount);
    if (refusal) return fail(refusal, 'The discount has been put away.');

    const isOf = own(tx, discountAmounts, eq(discountAmounts.discountId, discount.id));
    const changed = { ...discount, ...changesOf(discount, input) };
    const amounts = input.amounts === undefined ? await tx.select().from(discountAmounts).where(isOf) : (input.amounts ?? []);
    const problems = shapeProblems({ ...changed, amounts });
    if (problems.length > 0) return refuse(problems);
    if (changed.usageLimit !== null && changed.usageLimit < discount.used)
      return fail('LIMIT_BELOW_USED', `The discount has been used ${discount.used} times.`, ['usageLimit']);

    await tx
      .update(discounts)
      .set(changesOf(discount, input))
      .where(own(tx, discounts, eq(discounts.id, discount.id)));
    if (input.amounts !== undefined) {
      await tx.delete(discountAmounts).where(isOf);
      await insertAmounts(tx, discount.id, amounts);
    }
    const { id: discountId, title, startsAt, endsAt } = changed;
    await emit(tx, discountUpdated({ discountId, title, startsAt, endsAt }));
    return ok({ id: discountId });
  });
}

/** What is left out stays; what is null is taken away, or falls back to what it is by nature. */
function changesOf(before: DiscountRow, input: Input) {
  const title = input.title ?? before.title;
  const given = <Value>(value: Value | undefined, old: Value): Value => (value === undefined ? old : value);
  return {
    title,
    titleKey: title.toLowerCase(),
    basisPoints: given(input.basisPoints, before.basisPoints),
    minimumQuantity: given(input.minimumQuantity, before.minimumQuantity),
    oncePerOrder: given(input.oncePerOrder, before.oncePerOrder) ?? false,
    startsAt: input.startsAt ?? before.startsAt,
    endsAt: given(input.endsAt, before.endsAt),
    usageLimit: given(input.usageLimit, before.usageLimit),
    customerLimit: given(input.customerLimit, before.customerLimit),
    priority: given(input.priority, before.priority) ?? 0,
    combinesWith: given(input.combinesWith, before.combinesWith) ?? [],
    targetSkus: given(input.targetSkus, before.targetSkus) ?? [],
    targetProductIds: given(input.targetProductIds, before.targetProductIds) ?? [],
  };
}
