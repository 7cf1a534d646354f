import { fail, newId, ok, refuse, type Id, type Result } from '@storegraph/core';
import { one, owned, type Tx } from '@storegraph/database';
import { discountCreated, emit } from '@storegraph/events';
import { text, validate, type Context } from '@storegraph/subgraph';
import { z } from 'zod';
import { discountClasses, discountKinds, discountMethods, type DiscountClass, type DiscountKind } from '../discount.ts';
import { code, shapeProblems, terms, type Amounts } from '../input.ts';
import { discounts, type DiscountRow } from '../tables.ts';
import { automaticLimit, insertAmounts, insertCode } from '../write.ts';

const schema = z.object({
  title: text(200),
  method: z.enum(discountMethods),
  kind: z.enum(discountKinds),
  appliesTo: z.enum(discountClasses).nullish(),
  code: code.nullish(),
  ...terms,
});

export async function discountCreate({ db, clock }: Context, given: unknown) {
  const checked = validate(schema, given);
  if (!checked.ok) return checked;
  const { code: first, amounts: listed, ...input } = checked.value;
  const amounts = listed ?? [];
  const targetSkus = input.targetSkus ?? [];
  const targetProductIds = input.targetProductIds ?? [];
  const discount = {
    title: input.title,
    method: input.method,
    kind: input.kind,
    appliesTo: input.appliesTo ?? usualClass(input.kind, targetSkus.length + targetProductIds.length > 0),
    basisPoints: input.basisPoints ?? null,
    oncePerOrder: input.oncePerOrder ?? false,
    minimumQuantity: input.minimumQuantity ?? null,
    startsAt: input.startsAt ?? clock.now(),
    endsAt: input.endsAt ?? null,
    usageLimit: input.usageLimit ?? null,
    customerLimit: input.customerLimit ?? null,
    priority: input.priority ?? 0,
    combinesWith: input.combinesWith ?? [],
    targetSkus,
    targetProductIds,
  };
  const problems = shapeProblems({ ...discount, amounts });
  if (problems.length > 0) return refuse(problems);
  if (first && discount.method === 'AUTOMATIC') return fail('INVALID', 'An automatic discount has no codes.', ['code']);

  return db.write(async (tx): Promise<Result<{ id: Id<'dsc'> }, 'TOO_MANY' | 'CODE_TAKEN'>> => {
    const full = discount.method === 'AUTOMATIC' ? await automaticLimit(tx) : undefined;
    if (full) return full;
    const { id } = await insertDiscount(tx, discount, amounts);
    if (first && !(await insertCode(tx, first, { discountId: id })))
      return fail('CODE_TAKEN', 'The store has this code already.', ['code']);
    return ok({ id });
  });
}

const usualClass = (kind: DiscountKind, targeted: boolean): DiscountClass => {
  if (kind === 'FREE_SHIPPING') return 'SHIPPING';
  return targeted ? 'LINE' : 'ORDER';
};

type NewDiscount = Omit<
  DiscountRow,
  'storeId' | 'id' | 'titleKey' | 'used' | 'issuedKey' | 'disabledAt' | 'archivedAt' | 'createdAt' | 'updatedAt'
> &
  Partial<Pick<DiscountRow, 'issuedKey'>>;

export async function insertDiscount(tx: Tx, discount: NewDiscount, amounts: readonly Amounts[]): Promise<DiscountRow> {
  const { title } = discount;
  const row = one(
    await tx
      .insert(discounts)
      .values(owned(tx, { ...discount, id: newId('dsc'), titleKey: title.toLowerCase() }))
      .returning(),
  );
  await insertAmounts(tx, row.id, amounts);
  const { id: discountId, method, kind, startsAt, endsAt } = row;
  await emit(tx, discountCreated({ discountId, title, method, kind, startsAt, endsAt }));
  return row;
}
