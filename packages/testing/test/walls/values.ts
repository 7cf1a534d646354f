import { randomUUID } from 'node:crypto';
import type { Rows } from './world.ts';

const unique = () => randomUUID().slice(0, 8);
const newAddress = () => `${unique()}@example.com`;

/** What an operation needs beside its required fields to be a whole request, or in place of the usual value. */
const byField: Readonly<Record<string, () => unknown>> = {
  'customerCreate.firstName': () => 'Grace',
  'customerUpdate.firstName': () => 'Grace',
  'storeUpdate.name': () => 'Another name',
  'orderPaymentRecord.captured': () => 100,
  'orderRefund.amount': () => 50,
  'customerContactPointAdd.address': newAddress,
  'userSignUp.email': newAddress,
  // Its answer would be a real log-in of a real owner, for whoever asks.
  'sessionCreate.email': newAddress,
};

/** Of a required field or argument with that name. */
const byName: Readonly<Record<string, (rows: Rows) => unknown>> = {
  idempotencyKey: () => randomUUID(),
  email: ({ outsiderEmail }) => outsiderEmail,
  password: () => 'a-password-of-a-test',
  refreshToken: () => 'not-a-refresh-token',
  slug: () => `shop-${unique()}`,
  name: () => 'Lantern',
  currency: () => 'EUR',
  country: () => 'DE',
  line1: () => '1 Main Street',
  quantity: () => 1,
  unitPrice: () => 1250,
  number: ({ customerNumber }) => Number(customerNumber),
  permissions: () => ['orders:read'],
  tags: () => ['lantern'],
  from: () => '2026-01-01',
  to: () => '2026-01-31',
};

/** A value for an operation's field or argument; undefined leaves it to its type. The ids of rows are always given: they decide what a stranger could reach. */
export function valueOf(operation: string, name: string, needed: boolean, rows: Rows): unknown {
  const special = byField[`${operation}.${name}`];
  if (special) return special();
  if (name === 'id') return rows[`${operation}Id`];
  if (name.endsWith('Id') && rows[name] !== undefined) return rows[name];
  return needed ? byName[name]?.(rows) : undefined;
}
