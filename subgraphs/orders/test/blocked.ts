import { expect } from 'vitest';
import type { OrdersHarness } from './desk.ts';

/** Waits until a statement that names the table waits for a lock. */
export const blocked = ({ admin }: Pick<OrdersHarness, 'admin'>, table: string): Promise<void> =>
  expect
    .poll(
      () =>
        admin(
          `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock' and query like '%' || $1 || '%'`,
          [table],
        ),
      { timeout: 8_000, interval: 10 },
    )
    .toHaveLength(1);
