import type { Id } from '@storegraph/core';
import { own, type Tx, uuids } from '@storegraph/database';
import { and, eq, gt, inArray, isNull, lte, or, sql, type SQL } from 'drizzle-orm';
import { maxCodeLength, normalizeCode } from './code.ts';
import { bestAutomatic, combine } from './combination.ts';
import { refusalMessages, unavailable, type DiscountRefusal } from './discount.ts';
import { applyAll, basketRefusal, inOrderOfApplication, worthOf, type Basket, type DiscountLine, type DiscountRule } from './engine.ts';
import { discountAmounts, discountCodes, discountCustomers, discounts, type DiscountCodeRow, type DiscountRow } from './tables.ts';

/** What is to be bought, and by whom. Amounts are in minor units of `currency`; `shipping` is what it costs before discounts. */
export interface DiscountRequest {
  /** As the customer typed them, in that order. */
  readonly codes: readonly string[];
  /** Null for a guest. */
  readonly customerId: Id<'cus'> | null;
  readonly currency: string;
  readonly shipping: bigint;
  readonly at: Date;
  readonly lines: readonly DiscountLine[];
}

export interface AppliedDiscount {
  readonly discountId: Id<'dsc'>;
  readonly codeId: Id<'dcd'> | null;
  /** As the store wrote it; null of an automatic discount. */
  readonly code: string | null;
  readonly label: string;
  /** Off each line, in the order of the request's lines. */
  readonly amounts: readonly bigint[];
  /** Off the shipping. */
  readonly shipping: bigint;
}

export interface RefusedCode {
  /** As the customer typed it. */
  readonly code: string;
  readonly reason: DiscountRefusal;
  readonly message: string;
}

/** The discounts that apply, in the order of their application, and the codes that do not, with the reason. */
export interface Evaluation {
  readonly applied: readonly AppliedDiscount[];
  readonly refused: readonly RefusedCode[];
}

/** A discount as it stands before one basket: its rule in the basket's currency, and the code that called for it. */
interface Candidate extends DiscountRule {
  readonly typed: string | null;
  readonly code: DiscountCodeRow | null;
  readonly row: DiscountRow;
  /** Whether it is given in the basket's currency. */
  readonly inCurrency: boolean;
}

/**
 * Which discounts a basket gets: the codes that are named, in that order, and the automatic ones that go best with them. Takes nothing: a use is
 * taken by `redeemDiscounts`. For SYSTEM and staff, who see every counter; a shopper's request comes through `ctx.as(system(storeId))`.
 */
export async function evaluateDiscounts(tx: Tx, request: DiscountRequest): Promise<Evaluation> {
  const { kind } = tx.scope.identity;
  if (kind === 'CUSTOMER' || kind === 'ANONYMOUS') throw new Error('A shopper can not see what discounts depend on');

  const typed = new Map(request.codes.map((code) => [normalizeCode(code), code]));
  const [byCode, automatic] = await Promise.all([candidatesOfCodes(tx, typed, request.currency), automaticCandidates(tx, request)]);
  const uses = await usesOf(tx, request.customerId, [...byCode.values(), ...automatic]);
  const refusalOf = (candidate: Candidate) => refusal(candidate, request, uses.get(candidate.id) ?? 0);

  const refused = new Map<string, DiscountRefusal>();
  const taken: Candidate[] = [];
  for (const [normalized, given] of typed) {
    const candidate = byCode.get(normalized);
    const reason = candidate ? (refusalOf(candidate) ?? conflict(candidate, taken)) : 'UNKNOWN_CODE';
    if (reason) refused.set(given, reason);
    else if (candidate) taken.push(candidate);
  }
  const chosen = [
    ...taken,
    ...bestAutomatic(
      taken,
      automatic.filter((each) => refusalOf(each) === null),
      request,
    ),
  ];
  const applied = appliedTo(request, chosen);
  for (const { typed: given, id } of taken)
    if (given !== null && !applied.some(({ discountId }) => discountId === id)) refused.set(given, 'NOTHING_TO_DISCOUNT');

  return { applied, refused: [...refused].map(([code, reason]) => ({ code, reason, message: refusalMessages[reason] })) };
}

function appliedTo(basket: Basket, chosen: readonly Candidate[]): AppliedDiscount[] {
  const ordered = inOrderOfApplication(chosen);
  const offs = applyAll(ordered, basket);
  return ordered.flatMap(({ id, row, code }, index) => {
    const off = offs[index];
    // What others have left nothing for is not given, and costs no use.
    if (!off || worthOf(off) === 0n) return [];
    return { discountId: id, codeId: code?.id ?? null, code: code?.code ?? null, label: row.title, ...off };
  });
}

const conflict = (candidate: Candidate, taken: readonly Candidate[]): DiscountRefusal | null => {
  if (taken.some(({ id }) => id === candidate.id)) return 'ALREADY_APPLIED';
  return taken.every((other) => combine(candidate, other)) ? null : 'NOT_COMBINABLE';
};

/** Why this discount can't be used for this request, whatever else is used; null when it can. */
function refusal(candidate: Candidate, request: DiscountRequest, uses: number): DiscountRefusal | null {
  const { row, code } = candidate;
  if (row.archivedAt) return 'UNKNOWN_CODE';
  const { customerId, at } = request;
  // Before all else, so that a stranger learns nothing more of a code than whose it is not.
  if (code?.customerId && !customerId) return 'CUSTOMER_REQUIRED';
  if (code?.customerId && code.customerId !== customerId) return 'WRONG_CUSTOMER';
  const out = (code && unavailable({ ...code, startsAt: null }, at)) ?? unavailable(row, at);
  if (out) return out;
  if (row.customerLimit !== null && !customerId) return 'CUSTOMER_REQUIRED';
  if (row.customerLimit !== null && uses >= row.customerLimit) return 'CUSTOMER_LIMIT_REACHED';
  return candidate.inCurrency ? basketRefusal(candidate, request) : 'CURRENCY_MISMATCH';
}

// Amounts in the currency of the request, and whether the discount names any: in one statement, since they are replaced together.
const priced = (currency: string): SQL | undefined =>
  and(eq(discountAmounts.storeId, discounts.storeId), eq(discountAmounts.discountId, discounts.id), eq(discountAmounts.currency, currency));

const namesCurrencies = sql<boolean>`exists (
  select from ${discountAmounts} any_amount where any_amount.store_id = ${discounts.storeId} and any_amount.discount_id = ${discounts.id})`;

async function candidatesOfCodes(tx: Tx, typed: ReadonlyMap<string, string>, currency: string): Promise<Map<string, Candidate>> {
  const wanted = [...typed.keys()].filter((code) => code.length > 0 && code.length <= maxCodeLength);
  if (wanted.length === 0) return new Map();
  const rows = await tx
    .select({ row: discounts, code: discountCodes, amounts: discountAmounts, namesCurrencies })
    .from(discountCodes)
    .innerJoin(discounts, and(eq(discounts.storeId, discountCodes.storeId), eq(discounts.id, discountCodes.discountId)))
    .leftJoin(discountAmounts, priced(currency))
    .where(own(tx, discountCodes, inArray(discountCodes.normalized, wanted)));
  return new Map(rows.map((found) => [found.code.normalized, candidate(found, typed.get(found.code.normalized) ?? null)]));
}

async function automaticCandidates(tx: Tx, { currency, at }: DiscountRequest): Promise<Candidate[]> {
  const rows = await tx
    .select({ row: discounts, amounts: discountAmounts, namesCurrencies })
    .from(discounts)
    .leftJoin(discountAmounts, priced(currency))
    .where(
      own(
        tx,
        discounts,
        sql`${discounts.method} = 'AUTOMATIC'`,
        isNull(discounts.disabledAt),
        isNull(discounts.archivedAt),
        lte(discounts.startsAt, at),
        or(isNull(discounts.endsAt), gt(discounts.endsAt, at)),
      ),
    );
  return rows.map((found) => candidate({ ...found, code: null }, null));
}

interface Found {
  readonly row: DiscountRow;
  readonly code: DiscountCodeRow | null;
  readonly amounts: Pick<typeof discountAmounts.$inferSelect, 'amount' | 'maximum' | 'minimumSubtotal'> | null;
  readonly namesCurrencies: boolean;
}

const candidate = ({ row, code, amounts, namesCurrencies: names }: Found, typed: string | null): Candidate => ({
  ...row,
  row,
  code,
  typed,
  inCurrency: amounts !== null || !names,
  amount: amounts?.amount ?? null,
  maximum: amounts?.maximum ?? null,
  minimumSubtotal: amounts?.minimumSubtotal ?? null,
});

/** How often the customer has used those of the discounts that count it. */
async function usesOf(tx: Tx, customerId: Id<'cus'> | null, candidates: readonly Candidate[]): Promise<Map<Id<'dsc'>, number>> {
  const limited = candidates.flatMap(({ id, row }) => (row.customerLimit === null ? [] : [id]));
  if (customerId === null || limited.length === 0) return new Map();
  const rows = await tx
    .select({ discountId: discountCustomers.discountId, used: discountCustomers.used })
    .from(discountCustomers)
    .where(
      own(
        tx,
        discountCustomers,
        eq(discountCustomers.customerId, customerId),
        sql`${discountCustomers.discountId} = any(${uuids(limited)})`,
      ),
    );
  return new Map(rows.map(({ discountId, used }) => [discountId, used]));
}
