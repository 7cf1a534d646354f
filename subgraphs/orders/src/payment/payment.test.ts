import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lineRefund, openAmount, paymentStateOf, paymentStates, refundable, spreadRefund } from './payment.ts';

interface Payment {
  readonly id: string;
  readonly authorized: bigint;
  readonly captured: bigint;
  readonly refunded: bigint;
  readonly granted: bigint;
  readonly capturedAt: Date | null;
  readonly voidedAt: Date | null;
}

const anyPayment: fc.Arbitrary<Payment> = fc
  .record({
    id: fc.uuid(),
    open: fc.bigInt(0n, 20n),
    captured: fc.bigInt(0n, 100n),
    back: fc.bigInt(0n, 100n),
    at: fc.nat(5),
    voided: fc.boolean(),
  })
  .map(({ id, open, captured, back, at, voided }) => ({
    id,
    captured,
    authorized: captured + open,
    refunded: back < captured ? back : captured,
    granted: 0n,
    capturedAt: captured > 0n ? new Date(at) : null,
    voidedAt: voided ? new Date(9) : null,
  }));

const sum = (amounts: readonly bigint[]) => amounts.reduce((total, amount) => total + amount, 0n);

describe('a refund over payments', () => {
  it('adds up, in any split, and never gives a payment back more than was captured from it', () => {
    fc.assert(
      fc.property(fc.array(anyPayment, { maxLength: 6 }), fc.array(fc.bigInt(1n, 120n), { maxLength: 10 }), (start, amounts) => {
        let payments = start;
        for (const amount of amounts) {
          const left = sum(payments.map(refundable));
          const shares = spreadRefund(payments, amount);
          expect(shares === undefined).toBe(amount > left);
          if (!shares) continue;
          expect(sum(shares.map((share) => share.amount))).toBe(amount);
          payments = payments.map((payment) => {
            const share = shares.find((each) => each.payment === payment);
            return share ? { ...payment, refunded: payment.refunded + share.amount } : payment;
          });
          for (const payment of payments) expect(payment.refunded <= payment.captured).toBe(true);
        }
      }),
    );
  });

  it('goes to what was captured last first', () => {
    const paid = (id: string, at: number) => ({
      id,
      authorized: 10n,
      captured: 10n,
      refunded: 0n,
      granted: 0n,
      capturedAt: new Date(at),
      voidedAt: null,
    });
    const shares = spreadRefund([paid('a', 1), paid('b', 3), paid('c', 2)], 15n);
    expect(shares?.map(({ payment, amount }) => [payment.id, amount])).toEqual([
      ['b', 10n],
      ['c', 5n],
    ]);
  });
});

describe('refunds of units of a line', () => {
  it('add up to what was paid for the line, in any split', () => {
    fc.assert(
      fc.property(fc.bigInt(0n, 1_000_000n), fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1, maxLength: 20 }), (total, parts) => {
        const quantity = parts.reduce((units, part) => units + part, 0);
        let before = { units: 0, given: 0n };
        const amounts = parts.map((part) => {
          const amount = lineRefund({ total, quantity }, before, part);
          before = { units: before.units + part, given: before.given + amount };
          return amount;
        });
        expect(sum(amounts)).toBe(total);
        expect(amounts.every((amount) => amount >= 0n)).toBe(true);
      }),
    );
  });

  it('give each of three units of 10.00 its share, to the cent', () => {
    const given = [0n, 333n, 667n];
    expect(given.map((sofar, units) => lineRefund({ total: 1000n, quantity: 3 }, { units, given: sofar }, 1))).toEqual([333n, 334n, 333n]);
  });

  it('never come to more than the line, whichever of them are cancelled, and to all of it once every unit is refunded', () => {
    const steps = fc.array(fc.record({ take: fc.integer({ min: 1, max: 4 }), cancel: fc.option(fc.nat(20)) }), { maxLength: 20 });
    fc.assert(
      fc.property(fc.bigInt(0n, 100n), fc.integer({ min: 1, max: 12 }), steps, (total, quantity, run) => {
        let standing: { units: number; amount: bigint }[] = [];
        const units = () => standing.reduce((all, each) => all + each.units, 0);
        const given = () => sum(standing.map(({ amount }) => amount));
        for (const { take, cancel } of [...run, { take: quantity, cancel: null }]) {
          if (cancel !== null) standing = standing.filter((_, index) => index !== cancel);
          const more = Math.min(take, quantity - units());
          if (more === 0) continue;
          standing.push({ units: more, amount: lineRefund({ total, quantity }, { units: units(), given: given() }, more) });
          expect(given() <= total).toBe(true);
        }
        expect(units()).toBe(quantity);
        expect(given()).toBe(total);
      }),
    );
  });
});

it('has every state of a payment for some amounts, and no other', () => {
  const seen = new Set<string>();
  fc.assert(
    fc.property(anyPayment, (payment) => {
      seen.add(paymentStateOf(payment));
      expect(openAmount(payment) === 0n || payment.voidedAt === null).toBe(true);
    }),
    { numRuns: 2000 },
  );
  expect([...seen].toSorted()).toEqual([...paymentStates].toSorted());
});
