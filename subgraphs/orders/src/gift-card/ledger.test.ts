import { newId, type Id } from '@storegraph/core';
import { sql } from 'drizzle-orm';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cardStorm } from '../../test/card-storm.ts';
import { ordersHarness } from '../../test/desk.ts';
import { discrepancies, issueCard, stateOf } from '../../test/gift-cards.ts';
import { captureGiftCardHold, creditGiftCard, holdGiftCard, lockCard, post, releaseGiftCardHold } from './ledger.ts';

const orders = await ordersHarness();
const at = new Date('2026-03-01T12:00:00.000Z');

interface Step {
  readonly act: 'HOLD' | 'CAPTURE' | 'RELEASE' | 'REFUND' | 'ADJUST';
  readonly amount: bigint;
  readonly which: number;
}

const steps = fc.array(
  fc.record({
    act: fc.constantFrom<Step['act']>('HOLD', 'HOLD', 'CAPTURE', 'RELEASE', 'REFUND', 'ADJUST'),
    amount: fc.bigInt(1n, 700n),
    which: fc.nat(5),
  }),
  { minLength: 5, maxLength: 15 },
);

describe('the ledger of a card', () => {
  it('adds up after any sequence of holds, captures, releases, refunds and adjustments, and refuses exactly what there is no money for', async () => {
    const desk = orders.desk();
    const order = await desk.order();
    await fc.assert(
      fc.asyncProperty(steps, async (run) => {
        const card = await issueCard(desk, { amount: 1000 });
        let balance = 1000n;
        const open: { id: Id<'gfh'>; left: bigint }[] = [];
        const held = () => open.reduce((sum, { left }) => sum + left, 0n);
        for (const { act, amount, which } of run) {
          const hold = open[which % Math.max(open.length, 1)];
          const orderId = order.id;
          await desk.write(async (tx) => {
            switch (act) {
              case 'HOLD': {
                const result = await holdGiftCard(tx, { cardId: card.id, amount, currency: 'EUR', orderId, customerId: null, at });
                expect(result.ok).toBe(amount <= balance - held());
                if (result.ok) open.push({ id: result.value.holdId, left: amount });
                break;
              }
              case 'CAPTURE': {
                if (!hold) break;
                const part = amount < hold.left ? amount : hold.left;
                if (part > 0n) await captureGiftCardHold(tx, { holdId: hold.id, amount: part, at });
                hold.left -= part;
                balance -= part;
                break;
              }
              case 'RELEASE':
                if (!hold) break;
                await releaseGiftCardHold(tx, { holdId: hold.id, at });
                hold.left = 0n;
                break;
              case 'REFUND':
                await creditGiftCard(tx, { cardId: card.id, amount, orderId, refundId: newId('rfd'), at });
                balance += amount;
                break;
              case 'ADJUST': {
                if (amount > balance - held()) break;
                const locked = await lockCard(tx, card.id);
                if (locked) await post(tx, locked, { kind: 'ADJUST', amount: -amount, reason: 'x', at });
                balance -= amount;
                break;
              }
            }
          });
        }
        expect(await stateOf(desk, card)).toMatchObject({ balance: Number(balance), held: Number(held()) });
        expect(await discrepancies(orders, desk)).toEqual([]);
      }),
      { numRuns: 6 },
    );
  });

  it('is good for 90 days again when a promise comes back after the expiry, and keeps its expiry when it comes before', async () => {
    const desk = orders.desk();
    const card = await issueCard(desk, { expiresAt: '2099-01-01T00:00:00.000Z' });
    const { id: orderId } = await desk.order();
    const expiryAfter = async (release: Date) => {
      const { expiresAt } = await desk.write(async (tx) => {
        const asked = { cardId: card.id, amount: 100n, currency: 'EUR', orderId, customerId: null, at };
        const held = await holdGiftCard(tx, asked);
        if (!held.ok) throw new Error('The card was refused');
        return releaseGiftCardHold(tx, { holdId: held.value.holdId, at: release });
      });
      return expiresAt?.toISOString();
    };
    expect(await expiryAfter(at)).toBe('2099-01-01T00:00:00.000Z');
    expect(await expiryAfter(new Date('2099-01-02T00:00:00.000Z'))).toBe('2099-04-02T00:00:00.000Z');
    expect(await discrepancies(orders, desk)).toEqual([]);
  });

  it('is kept exact for 8 clients that hold, capture and release while 8 backends are killed', async () => {
    await cardStorm(orders, { clients: 8, rounds: 3, kills: 8 });
  });

  it('never promises more than a card has, for 30 orders at once', async () => {
    const desk = orders.desk();
    const card = await issueCard(desk, { amount: 1000 });
    const placed = await Promise.all(Array.from({ length: 30 }, () => desk.order()));
    const answers = await Promise.all(
      placed.map(({ id: orderId }, index) =>
        desk.mutate('orderGiftCardApply', { orderId, giftCardId: card.id, amount: 70, idempotencyKey: String(index) }, 'payment { id }'),
      ),
    );
    expect(answers.filter(({ userErrors }) => userErrors.length === 0)).toHaveLength(14);
    expect(new Set(answers.flatMap(({ userErrors }) => userErrors.map(({ code }) => code)))).toEqual(new Set(['INSUFFICIENT_BALANCE']));
    expect(await stateOf(desk, card)).toEqual({ balance: 1000, held: 980, status: 'ACTIVE' });
  });

  it('is held by the database alone: no balance below zero, no promise beyond it, no entry changed', async () => {
    const desk = orders.desk();
    const card = await issueCard(desk);
    const attempt = (statement: string) => desk.write((tx) => tx.execute(sql.raw(statement)));
    const refusal = (statement: string) =>
      attempt(statement).then(
        () => 'done',
        (error: unknown) => String(error instanceof Error && error.cause instanceof Error ? error.cause.message : error),
      );
    expect(await refusal('update orders.gift_cards set balance = -1')).toMatch(/gift_cards_(balance|held)_check/);
    expect(await refusal('update orders.gift_cards set held = balance + 1')).toMatch(/gift_cards_held_check/);
    expect(await refusal('update orders.gift_card_entries set amount = 1')).toMatch(/permission denied/);
    expect(await refusal('delete from orders.gift_card_entries')).toMatch(/permission denied/);
    expect(await refusal('delete from orders.gift_cards')).toMatch(/permission denied/);
    expect(await stateOf(desk, card)).toEqual({ balance: 5000, held: 0, status: 'ACTIVE' });
  });
});
