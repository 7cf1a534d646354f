import { newId, silentLogger, systemClock, toUuid, type Id } from '@storegraph/core';
import { createSealer, deriveSecrets } from '@storegraph/auth';
import { runJob } from '@storegraph/jobs';
import { expireUnpaid } from '../src/order/jobs.ts';
import { key, type OrdersHarness } from './desk.ts';

const { sealingKey } = deriveSecrets('a secret of this test, of which nothing is sealed');
const sealer = createSealer({ keys: [sealingKey], current: sealingKey.id });

/** Runs the job that gives up orders, as a worker does. */
export function sweepUp({ pool }: OrdersHarness): Promise<void> {
  const attempt = { jobId: newId('job'), storeId: null, correlationId: key(), attempt: 1, signal: new AbortController().signal };
  return runJob({ pool, domain: 'orders', sealer, clock: systemClock, log: silentLogger }, expireUnpaid, attempt, {});
}

/** Makes an order's time be up. */
export async function overdue({ admin }: OrdersHarness, { id }: { id: Id<'ord'> }): Promise<void> {
  await admin(`update orders.orders set expires_at = now() - interval '1 minute' where id = $1`, [toUuid(id)]);
}
