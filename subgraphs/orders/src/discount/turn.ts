import { fail, ok, type Id, type Result } from '@storegraph/core';
import { own, type Tx } from '@storegraph/database';
import { emit, type DraftEvent } from '@storegraph/events';
import { idOf, validate, type Context, type InputCode } from '@storegraph/subgraph';
import { eq } from 'drizzle-orm';
import { z } from 'zod';
import { discounts, type DiscountRow } from './tables.ts';
import { lockDiscount } from './write.ts';

const schema = z.object({ discountId: idOf('dsc') });

const messages = {
  ARCHIVED: 'The discount has been put away.',
  ALREADY_ENABLED: 'The discount is switched on.',
  ALREADY_DISABLED: 'The discount is switched off.',
  ALREADY_ARCHIVED: 'The discount has been put away already.',
};

/** A change of a discount's life: what refuses it, what it writes, and what it tells. */
interface Turn<Code extends keyof typeof messages, More extends string> {
  refusal(discount: DiscountRow): Code | null;
  /** What else has to hold, once the discount is locked. */
  also?(tx: Tx, discount: DiscountRow): Promise<Result<never, More> | undefined>;
  changes(now: Date): Partial<Pick<DiscountRow, 'disabledAt' | 'archivedAt'>>;
  event(discountId: Id<'dsc'>): DraftEvent;
}

export async function turn<Code extends keyof typeof messages, More extends string = never>(
  { db, clock }: Context,
  given: unknown,
  { refusal, also, changes, event }: Turn<Code, More>,
): Promise<Result<{ id: Id<'dsc'> }, InputCode | 'NOT_FOUND' | Code | More>> {
  const checked = validate(schema, given);
  if (!checked.ok) return checked;
  const id = checked.value.discountId;
  return db.write(async (tx) => {
    const discount = await lockDiscount(tx, id);
    if (!discount) return fail('NOT_FOUND', 'No such discount.', ['discountId']);
    const refused = refusal(discount);
    if (refused) return fail(refused, messages[refused]);
    const more = await also?.(tx, discount);
    if (more) return more;
    await tx
      .update(discounts)
      .set(changes(clock.now()))
      .where(own(tx, discounts, eq(discounts.id, id)));
    await emit(tx, event(id));
    return ok({ id });
  });
}
