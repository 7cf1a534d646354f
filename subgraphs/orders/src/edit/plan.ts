import { fail, isRefusal, newId, ok, refuse, type Id, type Problem, type Result } from '@storegraph/core';
import { own, type Tx } from '@storegraph/database';
import { idOf, text } from '@storegraph/subgraph';
import { and, asc, eq, isNull } from 'drizzle-orm';
import { z } from 'zod';
import { evaluateDiscounts } from '../discount/evaluate.ts';
import { discountRedemptions } from '../discount/tables.ts';
import { amount, quantity } from '../input.ts';
import { codesSchema, lineSchema, maxLines, overDiscounted, placedLineOf } from '../order/asked.ts';
import { linesOf } from '../order/lock.ts';
import { editRefusal, type EditRefusal } from '../order/order.ts';
import { priced, type PriceCode, type Quote, type Request } from '../order/place.ts';
import type { PlacedLine } from '../order/rows.ts';
import { orderDiscountAllocations, type OrderLineRow, type OrderRow } from '../order/tables.ts';
import { discountable, lineSubtotal } from '../order/totals.ts';
import { givenOf, inProportion, keptDiscounts, scaled, smaller, type Given } from './kept.ts';

export const editFields = {
  orderId: idOf('ord'),
  expectedVersion: z.int().min(1, { error: 'Must be at least 1.' }),
  addLines: z.array(lineSchema).max(maxLines).nullish(),
  setLines: z
    .array(
      z.object({
        lineId: idOf('orl'),
        quantity: z.union([z.literal(0), quantity]).nullish(),
        unitPrice: amount.nullish(),
        discount: amount.nullish(),
        discountLabel: text(200).nullish(),
        tax: amount.nullish(),
      }),
    )
    .max(maxLines)
    .nullish(),
  discount: amount.nullish(),
  discountLabel: text(200).nullish(),
  discountCodes: codesSchema.nullish(),
  tax: amount.nullish(),
  shipping: amount.nullish(),
};
export type EditAsked = z.output<z.ZodObject<typeof editFields>>;

export type PlanCode = PriceCode | EditRefusal | 'NOT_FOUND' | 'CONFLICT' | 'ALREADY_REFUNDED' | 'IN_PARCEL' | 'EMPTY' | 'TOO_LONG';

type EditedLine = PlacedLine & { readonly id: Id<'orl'> };

/** What an order would become. The first lines are those that it has, in their order; the others are new. */
export interface EditPlan {
  readonly before: readonly OrderLineRow[];
  readonly request: Request & { readonly lines: readonly EditedLine[] };
  readonly quoted: Quote;
  /** Whether the discounts were worked out anew, and are to be taken in place of those that the order has. */
  readonly anew: boolean;
}

const messages: Readonly<Record<EditRefusal, string>> = {
  ORDER_IS_DRAFT: 'A draft is changed by orderDraftUpdate.',
  ORDER_CLOSED: 'The order is not open.',
  ALREADY_SHIPPED: 'Something of the order has left.',
};

/**
 * What an order comes to with a change, or why that can't be. Writes nothing. With `discountCodes` the discounts are worked out anew, by the rules of
 * `now`; otherwise those that were given are kept, in proportion to the units.
 */
export async function planEdit(tx: Tx, order: OrderRow, asked: EditAsked, now: Date): Promise<Result<EditPlan, PlanCode>> {
  const refusal = editRefusal(order);
  if (refusal) return fail(refusal, messages[refusal]);
  if (asked.expectedVersion !== order.version)
    return fail('CONFLICT', `The order has changed meanwhile: it is at version ${order.version}.`, ['expectedVersion']);
  const before = await linesOf(tx, order);
  // What was given back for a unit was worked out from what its line came to.
  if (before.some((line) => line.refunded > 0)) return fail('ALREADY_REFUNDED', 'Units of the order have been refunded.');
  const given = await givenTo(tx, order);

  const lines = editedLines(before, given, asked);
  if (isRefusal(lines)) return lines;
  const wrong = overDiscounted(lines.value);
  if (wrong && isRefusal(wrong)) return wrong;
  const shipping = asked.shipping ?? order.shipping;
  const request = {
    customerId: order.customerId,
    currency: order.currency,
    taxIncluded: order.taxIncluded,
    lines: lines.value,
    discount: asked.discount ?? given.byHand,
    discountLabel: asked.discountLabel ?? given.label,
    discountCodes: asked.discountCodes ?? [],
    // On top of the lines' own, which have all of the tax so far.
    tax: asked.tax ?? 0n,
    shipping,
  };
  const anew = Boolean(asked.discountCodes);
  const evaluation = anew
    ? await evaluateDiscounts(tx, { ...request, codes: request.discountCodes, at: now })
    : { applied: keptDiscounts(given.rules, request.lines, before, shipping), refused: [] };
  // A discount by hand that nobody spoke of makes room for what the order now costs.
  const most = evaluation.refused.length > 0 ? 0n : discountable({ lines: request.lines, promotions: evaluation.applied });
  const fitting =
    asked.discount === undefined || asked.discount === null ? { ...request, discount: smaller(request.discount, most) } : request;
  const quoted = priced(fitting, evaluation);
  return isRefusal(quoted) ? quoted : ok({ before, request: fitting, quoted: quoted.value, anew });
}

async function givenTo(tx: Tx, order: OrderRow): Promise<Given> {
  const [allocations, taken] = await Promise.all([
    tx
      .select()
      .from(orderDiscountAllocations)
      .where(own(tx, orderDiscountAllocations, eq(orderDiscountAllocations.orderId, order.id)))
      .orderBy(asc(orderDiscountAllocations.id)),
    tx
      .select({
        discountId: discountRedemptions.discountId,
        codeId: discountRedemptions.codeId,
        code: discountRedemptions.code,
        label: discountRedemptions.label,
        shipping: discountRedemptions.shipping,
      })
      .from(discountRedemptions)
      .where(own(tx, discountRedemptions, and(eq(discountRedemptions.orderId, order.id), isNull(discountRedemptions.releasedAt))))
      .orderBy(asc(discountRedemptions.id)),
  ]);
  return givenOf(allocations, taken);
}

/** The lines as they are to be, those that are there first, or all that is wrong with what was asked for. */
function editedLines(before: readonly OrderLineRow[], given: Given, asked: EditAsked): Result<EditedLine[], PlanCode> {
  const problems: Problem<PlanCode>[] = [];
  const changes = new Map<Id<'orl'>, NonNullable<EditAsked['setLines']>[number]>();
  for (const [index, change] of (asked.setLines ?? []).entries()) {
    const line = before.find(({ id }) => id === change.lineId);
    const field = (name: string) => ['setLines', String(index), name];
    if (!line) problems.push({ code: 'NOT_FOUND', message: 'The order has no such line.', field: field('lineId') });
    else if (changes.has(line.id)) problems.push({ code: 'INVALID', message: 'The line is named twice.', field: field('lineId') });
    else if ((change.quantity ?? line.quantity) < line.allocated)
      problems.push({ code: 'IN_PARCEL', message: `${line.allocated} are in parcels.`, field: field('quantity') });
    changes.set(change.lineId, change);
  }
  if (problems.length > 0) return refuse(problems);

  // Given for the whole order, the tax is shared out anew and no line keeps its own.
  const retaxed = asked.tax !== undefined && asked.tax !== null;
  const kept = before.map((line): EditedLine => {
    const change = changes.get(line.id);
    const units = change?.quantity ?? line.quantity;
    const unitPrice = change?.unitPrice ?? line.unitPrice;
    const byHand = given.byLine.get(line.id);
    const discount = change?.discount ?? scaled(byHand?.amount ?? 0n, line.quantity, units, lineSubtotal({ quantity: units, unitPrice }));
    return {
      id: line.id,
      sku: line.sku,
      name: line.name,
      productId: line.productId,
      variantId: line.variantId,
      quantity: units,
      unitPrice,
      discount,
      discountLabel: change?.discountLabel ?? byHand?.label ?? null,
      tax: change?.tax ?? (retaxed ? 0n : inProportion(line.tax, line.quantity, units)),
    };
  });
  const added = (asked.addLines ?? []).map((line): EditedLine => ({ ...placedLineOf(line), id: newId('orl') }));
  const lines = [...kept, ...added];
  if (lines.every((line) => line.quantity === 0)) return fail('EMPTY', 'An order needs a line: cancel it instead.', ['setLines']);
  if (lines.length > maxLines) return fail('TOO_LONG', `Must have at most ${maxLines} items.`, ['addLines']);
  return ok(lines);
}
