import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import { key, line, type OrdersHarness } from './desk.ts';
import { discrepancies, issueCard, stateOf } from './gift-cards.ts';

interface Storm {
  readonly clients: number;
  /** Holds of each client, every one of which it captures, releases, or captures in part and then releases. */
  readonly rounds: number;
  /** Backends that are killed meanwhile. */
  readonly kills: number;
}

/**
 * Many clients spend one card at once while their connections die. Each repeats what was not answered under the same key until it is, so in the end
 * the card must say exactly what the answers said.
 */
export async function cardStorm(orders: OrdersHarness, { clients, rounds, kills }: Storm): Promise<void> {
  const desk = orders.desk();
  // Too little for all, so that holds are refused as well.
  const initial = clients * rounds * 12;
  const card = await issueCard(desk, { amount: initial });
  const basket = { lines: [line({ quantity: 1, unitPrice: 1_000_000 })] };
  const orderIds: string[] = [];
  while (orderIds.length < clients) orderIds.push((await desk.order(basket)).id);

  let running = true;
  const answered = async <Payload>(name: string, input: object, selection: string) => {
    const keyed = { ...input, idempotencyKey: key() };
    for (;;) {
      try {
        return await desk.mutate<Payload>(name, keyed, selection);
      } catch {
        // Lost with its connection, before its commit or after: the key tells.
      }
    }
  };

  let captured = 0;
  let refused = 0;
  let killed = 0;
  const client = async (orderId: string, number: number) => {
    // Goes on until all are killed that are to be, however fast the machine is.
    for (let round = 0; round < rounds || killed < kills; round += 1) {
      const amount = 2 + ((round * 7 + number * 13) % 40);
      const { payment } = await answered<{ payment: { id: string } | null }>(
        'orderGiftCardApply',
        { orderId, giftCardId: card.id, amount },
        'payment { id }',
      );
      if (!payment) {
        refused += 1;
        continue;
      }
      const part = [amount, Math.floor(amount / 2), 0][(round + number) % 3] ?? 0;
      if (part > 0) {
        const taken = await answered('orderPaymentCapture', { paymentId: payment.id, amount: part }, 'payment { id }');
        expect(taken.userErrors).toEqual([]);
        captured += part;
      }
      if (part < amount) {
        const released = await answered('orderPaymentVoid', { paymentId: payment.id }, 'payment { id }');
        expect(released.userErrors).toEqual([]);
      }
    }
  };
  const watch = async () => {
    while (running) {
      const { balance, held } = await stateOf(desk, card).catch(() => ({ balance: 0, held: 0 }));
      expect(held >= 0 && held <= balance).toBe(true);
      await sleep(20);
    }
  };
  const kill = async () => {
    while (running && killed < kills) {
      const rows = await orders.admin(
        `select pg_terminate_backend(pid) from (select pid from pg_stat_activity
           where datname = current_database() and application_name = 'test' and state <> 'idle' order by random() limit 1) as victim`,
      );
      killed += rows.length;
      await sleep(2);
    }
  };
  const background = [watch(), kill()];
  await Promise.all(orderIds.map(client));
  running = false;
  await Promise.all(background);

  expect(await stateOf(desk, card)).toEqual({ balance: initial - captured, held: 0, status: expect.any(String) });
  expect(await discrepancies(orders, desk)).toEqual([]);
  expect(captured).toBeGreaterThan(0);
  expect(refused + captured).toBeGreaterThan(clients);
  expect(killed).toBe(kills);
}
