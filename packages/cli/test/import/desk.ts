import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { deploymentSecret, type TestDatabase } from '@storegraph/testing';
import { storegraph, type RunningCommand } from '../command.ts';

export const sampleFile = fileURLToPath(new URL('./online-retail-sample.csv', import.meta.url));
const realFile = fileURLToPath(new URL('../../../../../shared/data/online-retail.csv.gz', import.meta.url));
/** The whole data set, where the machine has it. */
export const wholeFile = existsSync(realFile) ? realFile : null;

/** The command of the real program, on the database given. */
export function startImport(
  { adminUrl }: Pick<TestDatabase, 'adminUrl'>,
  folder: string,
  file: string,
  options: readonly string[] = [],
): RunningCommand {
  return storegraph(...importOf(adminUrl, folder, file, options));
}

/** The arguments and settings of an import. */
export function importOf(adminUrl: string, folder: string, file: string, options: readonly string[] = []) {
  return [
    ['import', 'orders', file, '--store', 'demo', '--data', folder, '--report', join(folder, 'rejected.csv'), ...options],
    { DATABASE_URL: adminUrl, STOREGRAPH_SECRET: deploymentSecret },
  ] as const;
}

/** Imports in a process of its own, and fails unless that succeeds. */
export async function imported(...given: Parameters<typeof startImport>): Promise<void> {
  const { code, stderr } = await startImport(...given).ended;
  if (code !== 0) throw new Error(`The import failed: ${stderr}`);
}

/** Everything that an import leaves behind but ids and the time of the import: one text per table. */
export async function stateOf({ admin }: TestDatabase): Promise<Record<string, string>> {
  const state: Record<string, string> = {};
  for (const [name, query] of Object.entries(queries)) {
    const [row] = await admin<{ digest: string }>(
      `select count(*) || ' rows ' || md5(coalesce(string_agg(row::text, chr(10) order by row::text), '')) as digest from (${query}) as row`,
    );
    state[name] = row?.digest ?? '';
  }
  return state;
}

const order = '(select external_id from orders.orders o where o.store_id = t.store_id and o.id = t.order_id)';
const customer = '(select number from customers.customers c where c.store_id = t.store_id and c.id = t.customer_id)';

const queries: Readonly<Record<string, string>> = {
  customers: 'select number, country, status, created_at from customers.customers',
  contactPoints: `select ${customer}, channel, source, address, is_primary from customers.contact_points t`,
  known: 'select (select number from customers.customers c where c.id = t.id) from orders.known_customers t',
  counters: 'select last from orders.order_counters',
  orders: `select number, version, ${customer}, currency, subtotal, total, captured, ordered_units, delivered_units, status, payment_status,
    fulfillment_status, shipping_address, source, external_id, placed_at, completed_at from orders.orders t`,
  lines: `select ${order}, ${customer}, position, sku, name, currency, quantity, unit_price, subtotal, total, delivered from orders.order_lines t`,
  payments: `select ${order}, ${customer}, provider, external_id, currency, authorized, captured, captured_at from orders.order_payments t`,
  timeline: `select ${order}, ${customer}, sequence, kind, amount, occurred_at from orders.order_events t`,
  refunds: `select ${customer}, source, external_id, currency, amount, reason, refunded_at from orders.refunds t`,
  refundLines: `select (select external_id from orders.refunds r where r.id = t.refund_id), ${customer}, position, sku, name, quantity, amount
    from orders.refund_lines t`,
  events: "select type, origin, occurred_at from events.log where type like 'order.%' or type like 'customer.%' or type like 'refund.%'",
};
