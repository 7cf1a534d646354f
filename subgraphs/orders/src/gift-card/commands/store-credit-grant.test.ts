import { identity } from '@storegraph/testing';
import { describe, expect, it } from 'vitest';
import { key, ordersHarness } from '../../../test/desk.ts';

const orders = await ordersHarness();
const desk = orders.desk();
const input = (customerId: string, rest: object = {}) => ({ customerId, amount: 1500, currency: 'EUR', idempotencyKey: key(), ...rest });

describe('storeCreditGrant', () => {
  it('gives a customer credit without a code, which the customer sees and nobody else', async () => {
    const [mine, theirs] = [await desk.customer(), await desk.customer()];
    const { giftCard } = await desk.mutate<{ giftCard: { id: string } }>(
      'storeCreditGrant',
      input(mine, { note: 'Angry', message: 'Sorry!' }),
      'giftCard { id kind lastFour customer { id } available { amount } }',
    );
    expect(giftCard).toEqual({
      id: giftCard.id,
      kind: 'STORE_CREDIT',
      lastFour: null,
      customer: { id: mine },
      available: { amount: 1500 },
    });
    const ask = '{ giftCards { nodes { id message available { amount } entries { nodes { kind amount { amount } } totalCount } } } }';
    expect(await desk.as(identity.customer(desk.storeId, mine)).data(ask)).toEqual({
      giftCards: {
        nodes: [
          {
            id: giftCard.id,
            message: 'Sorry!',
            available: { amount: 1500 },
            entries: { nodes: [{ kind: 'ISSUE', amount: { amount: 1500 } }], totalCount: 1 },
          },
        ],
      },
    });
    expect(await desk.as(identity.customer(desk.storeId, theirs)).data(ask)).toEqual({ giftCards: { nodes: [] } });
    expect(await desk.as(identity.customer(desk.storeId, mine)).codes('{ giftCards { nodes { note } } }')).toEqual(['FORBIDDEN']);
  });

  it('gives once for 50 concurrent calls with one key, and gives the same answer to all', async () => {
    const once = input(await desk.customer());
    const answers = await Promise.all(Array.from({ length: 50 }, () => desk.mutate('storeCreditGrant', once)));
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect(
      await desk.staff.data('query ($id: ID!) { giftCards(filter: { customerId: $id }) { totalCount } }', { id: once.customerId }),
    ).toEqual({ giftCards: { totalCount: 1 } });
  });

  it('answers bad input with a code and the field, and changes nothing', async () => {
    const fresh = orders.desk();
    const customer = await fresh.customer();
    const refused = (rest: object) => fresh.refused('storeCreditGrant', input(customer, rest));
    expect(await refused({ amount: 0 })).toEqual([['INVALID', 'amount']]);
    expect(await refused({ customerId: await orders.desk().customer() })).toEqual([['NOT_FOUND', 'customerId']]);
    expect(await refused({ tags: ['x'.repeat(51)] })).toEqual([['TOO_LONG', 'tags.0']]);
    expect(await refused({ expiresAt: '2020-01-01T00:00:00Z' })).toEqual([['INVALID', 'expiresAt']]);
    expect(await refused({ idempotencyKey: ' ' })).toEqual([['INVALID', 'idempotencyKey']]);
    expect(await fresh.staff.data('{ giftCards { totalCount } }')).toEqual({ giftCards: { totalCount: 0 } });
  });
});
