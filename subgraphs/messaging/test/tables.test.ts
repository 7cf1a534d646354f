import { declaredTables } from '@storegraph/database';
import { testDatabase } from '@storegraph/testing';
import { toSnakeCase } from 'drizzle-orm/casing';
import { getTableConfig } from 'drizzle-orm/pg-core';
import { expect, it } from 'vitest';
import '../src/index.ts';
import {
  channels,
  conversationEventKinds,
  conversationStatuses,
  conversationTypes,
  priorities,
  visibilities,
} from '../src/conversation/conversation.ts';
import { participantKinds, personKinds } from '../src/conversation/person.ts';
import { messageKinds } from '../src/conversation/tables.ts';
import { emailProviders } from '../src/email-settings/tables.ts';
import { emailStatuses } from '../src/email/status.ts';
import { suppressionReasons } from '../src/email/tables.ts';
import { rungs } from '../src/template/language.ts';
import { templateCategories, templateFormats, templateStatuses } from '../src/template/template.ts';
import { scheduledStatuses } from '../src/scheduled/tables.ts';

const { admin } = await testDatabase();
const declared = declaredTables().filter(({ schema }) => schema === 'messaging');
const ofKernel = `('idempotency_keys', 'handled_events', 'schema_migrations')`;

it('guards every table by forced row-level security with exactly the policies declared', async () => {
  // Those for one role alone, of sweeps and look-ups, stand in the migrations.
  const rows = await admin<{ name: string; guarded: boolean; policies: string[] }>(`
    select c.relname::text as name, c.relrowsecurity and c.relforcerowsecurity as guarded,
      coalesce((select json_agg(p.polname::text order by p.polname) from pg_policy p where p.polrelid = c.oid and p.polroles = '{0}'), '[]') as policies
    from pg_class c where c.relnamespace = 'messaging'::regnamespace and c.relkind = 'r' and c.relname not in ${ofKernel} order by 1`);
  expect(rows.filter(({ guarded }) => !guarded)).toEqual([]);
  const inCode = declared.map(({ name, policies }) => [name, policies.map((policy) => policy.name).toSorted()]);
  expect(rows.map(({ name, policies }) => [name, policies])).toEqual(inCode.toSorted(([a], [b]) => (String(a) < String(b) ? -1 : 1)));
});

it('begins every primary, unique and foreign key of a tenant table with the store', async () => {
  const tenants = declared.filter((table) => table.class === 'tenant').map(({ name }) => `'${name}'`);
  const keys = await admin(`
    select t.relname::text as table, c.conname::text as constraint, a.attname::text as first
    from pg_constraint c join pg_class t on t.oid = c.conrelid join pg_attribute a on a.attrelid = t.oid and a.attnum = c.conkey[1]
    where t.relnamespace = 'messaging'::regnamespace and c.contype in ('p', 'u', 'f') and t.relname in (${tenants.join(', ')}) and a.attname <> 'store_id'`);
  expect(keys).toEqual([]);
});

it('declares the columns that the migrations make', async () => {
  const columns = await admin<{ table: string; column: string; required: boolean }>(`
    select table_name::text as table, column_name::text as column, is_nullable = 'NO' as required
    from information_schema.columns where table_schema = 'messaging' and table_name not in ${ofKernel}`);
  const inDatabase = columns.map(({ table, column, required }) => `${table}.${column}${required ? ' not null' : ''}`);
  const inCode = declared.flatMap(({ table, name }) =>
    getTableConfig(table).columns.map((column) => `${name}.${toSnakeCase(column.name)}${column.notNull ? ' not null' : ''}`),
  );
  expect(inCode.toSorted()).toEqual(inDatabase.toSorted());
});

it('allows in the database exactly the values that the code knows', async () => {
  const checks = await admin<{ name: string; text: string }>(`
    select c.conname::text as name, pg_get_constraintdef(c.oid) as text from pg_constraint c where c.connamespace = 'messaging'::regnamespace and c.contype = 'c'`);
  const valuesOf = (name: string) =>
    [...(checks.find((check) => check.name === name)?.text.matchAll(/'([A-Z_]+)'/g) ?? [])].map(([, value]) => value);
  expect(valuesOf('conversations_type_check')).toEqual([...conversationTypes]);
  expect(valuesOf('conversations_status_check')).toEqual([...conversationStatuses]);
  expect(valuesOf('conversations_priority_check')).toEqual([...priorities]);
  expect(valuesOf('conversations_channel_check')).toEqual([...channels]);
  expect(valuesOf('conversations_visibility_check')).toEqual([...visibilities]);
  expect(valuesOf('participants_kind_check')).toEqual([...participantKinds]);
  expect(valuesOf('messages_actor_check')).toEqual([...personKinds]);
  expect(valuesOf('messages_kind_check')).toEqual([...messageKinds]);
  expect(valuesOf('messages_channel_check')).toEqual([...channels]);
  expect(valuesOf('conversation_events_kind_check')).toEqual([...conversationEventKinds]);
  expect(valuesOf('scheduled_messages_status_check')).toEqual([...scheduledStatuses]);
  for (const table of ['email_logs', 'platform_email_logs']) expect(valuesOf(`${table}_status_check`)).toEqual([...emailStatuses]);
  for (const table of ['email_events', 'platform_email_events'])
    expect(new Set(valuesOf(`${table}_kind_check`))).toEqual(new Set(emailStatuses));
  expect(valuesOf('email_logs_rung_check')).toEqual([...rungs]);
  expect(valuesOf('email_templates_category_check')).toEqual([...templateCategories]);
  expect(valuesOf('email_templates_format_check')).toEqual([...templateFormats]);
  expect(valuesOf('store_email_templates_status_check')).toEqual([...templateStatuses]);
  expect(valuesOf('suppressions_reason_check')).toEqual([...suppressionReasons]);
  expect(valuesOf('email_settings_provider_check')).toEqual([...emailProviders]);
});
