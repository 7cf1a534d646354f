import { declaredTables } from '@storegraph/database';
import { testDatabase } from '@storegraph/testing';
import { toSnakeCase } from 'drizzle-orm/casing';
import { getTableConfig } from 'drizzle-orm/pg-core';
import { expect, it } from 'vitest';
import '../src/index.ts';
import { countedStatuses, fulfillmentStatuses, orderStatuses, paymentStatuses } from '../src/order/order.ts';
import { cancelReasons } from '../src/order/tables.ts';
import { discountClasses, discountKinds, discountMethods } from '../src/discount/discount.ts';
import { fulfillmentStates } from '../src/fulfillment/fulfillment.ts';
import { giftCardEntryKinds, giftCardKinds } from '../src/gift-card/gift-card.ts';
import { refundReasons, refundSources, tenders } from '../src/payment/payment.ts';

const { admin } = await testDatabase();
const declared = declaredTables().filter(({ schema }) => schema === 'orders');
const ofKernel = `('idempotency_keys', 'handled_events', 'schema_migrations')`;

it('has nothing but tenant tables, under forced row-level security with exactly the policies declared', async () => {
  // Those for one role alone, of sweeps and look-ups, stand in the migrations.
  const rows = await admin<{ name: string; guarded: boolean; policies: string[] }>(`
    select c.relname::text as name, c.relrowsecurity and c.relforcerowsecurity as guarded,
      coalesce((select json_agg(p.polname::text order by p.polname) from pg_policy p where p.polrelid = c.oid and p.polroles = '{0}'), '[]') as policies
    from pg_class c where c.relnamespace = 'orders'::regnamespace and c.relkind = 'r' and c.relname not in ${ofKernel} order by 1`);
  expect(rows.filter(({ guarded }) => !guarded)).toEqual([]);
  expect(new Set(declared.map((table) => table.class))).toEqual(new Set(['tenant']));
  const inCode = declared.map(({ name, policies }) => [name, policies.map((policy) => policy.name).toSorted()]);
  expect(rows.map(({ name, policies }) => [name, policies])).toEqual(inCode.toSorted(([a], [b]) => (String(a) < String(b) ? -1 : 1)));
});

it('begins every primary, unique and foreign key with the store', async () => {
  const keys = await admin(`
    select t.relname::text as table, c.conname::text as constraint, a.attname::text as first
    from pg_constraint c join pg_class t on t.oid = c.conrelid join pg_attribute a on a.attrelid = t.oid and a.attnum = c.conkey[1]
    where t.relnamespace = 'orders'::regnamespace and c.contype in ('p', 'u', 'f') and t.relname not in ${ofKernel} and a.attname <> 'store_id'`);
  expect(keys).toEqual([]);
});

it('declares the columns that the migrations make', async () => {
  const columns = await admin<{ table: string; column: string; required: boolean }>(`
    select table_name::text as table, column_name::text as column, is_nullable = 'NO' as required
    from information_schema.columns where table_schema = 'orders' and table_name not in ${ofKernel}`);
  const inDatabase = columns.map(({ table, column, required }) => `${table}.${column}${required ? ' not null' : ''}`);
  const inCode = declared.flatMap(({ table, name }) =>
    getTableConfig(table).columns.map((column) => `${name}.${toSnakeCase(column.name)}${column.notNull ? ' not null' : ''}`),
  );
  expect(inCode.toSorted()).toEqual(inDatabase.toSorted());
});

it('allows in the database exactly the values that the code knows', async () => {
  const checks = await admin<{ name: string; text: string }>(`
    select c.conname::text as name, pg_get_constraintdef(c.oid) as text from pg_constraint c where c.connamespace = 'orders'::regnamespace and c.contype = 'c'`);
  const valuesOf = (name: string) =>
    [...(checks.find((check) => check.name === name)?.text.matchAll(/'([A-Z_]+)'/g) ?? [])].map(([, value]) => value);
  expect(valuesOf('orders_status_check')).toEqual([...orderStatuses]);
  expect(valuesOf('orders_payment_status_check')).toEqual([...paymentStatuses]);
  expect(valuesOf('orders_fulfillment_status_check')).toEqual([...fulfillmentStatuses]);
  expect(valuesOf('orders_cancel_reason_check')).toEqual([...cancelReasons]);
  expect(valuesOf('order_payments_tender_check')).toEqual([...tenders]);
  expect(valuesOf('gift_cards_kind_check')).toEqual([...giftCardKinds]);
  expect(valuesOf('gift_card_entries_kind_check')).toEqual([...giftCardEntryKinds]);
  expect(valuesOf('refunds_source_check')).toEqual([...refundSources]);
  expect(valuesOf('refunds_reason_check')).toEqual([...refundReasons]);
  expect(valuesOf('fulfillments_status_check')).toEqual([...fulfillmentStates]);
  expect(valuesOf('discounts_method_check')).toEqual([...discountMethods]);
  expect(valuesOf('discounts_kind_check')).toEqual([...discountKinds]);
  expect(valuesOf('discounts_applies_to_check')).toEqual([...discountClasses]);
  expect(valuesOf('discounts_combines_with_check')).toEqual([...discountClasses]);
  expect(countedStatuses.every((status) => orderStatuses.includes(status))).toBe(true);
});
