import type { GraphHarness } from '../../src/graph.ts';
import { domainList } from './catalog.ts';

const inBackground = [
  'export_chunks',
  'gift_card_totals',
  'order_feeds',
  'inbox_feeds',
  'email_events',
  'email_logs',
  'platform_email_events',
  'platform_email_logs',
];
/** Of a table that work in the background goes on writing, what a request has put there. */
const contentOf: Readonly<Record<string, string>> = {
  'accounts.attempts': "case when t.purpose = 'PASSWORD_RESET' then (to_jsonb(t) - 'outcome')::text else t::text end",
  'customers.exports': 't.id::text',
  'orders.exports': 't.id::text',
  'orders.order_events': "(to_jsonb(t) - 'position')::text",
  // A megabyte of texts, of which each has its hash.
  'messaging.email_templates': 't.id || t.hash || t.active',
  'messaging.conversation_events': "(to_jsonb(t) - 'position')::text",
};

const prepared = new WeakMap<GraphHarness, Promise<unknown>>();

/**
 * The content of every table of every domain and of the event log, each in one short text; of one store alone where one is named. Jobs are
 * those that requests have put in: the queue's own bookkeeping and schedules go on while nothing happens, and so do dispatchers.
 */
export async function digest(graph: GraphHarness, storeUuid?: string): Promise<Record<string, string>> {
  if (!prepared.has(graph)) prepared.set(graph, prepare(graph));
  await prepared.get(graph);
  const found = await graph.admin<{ name: string; content: string }>(`select * from public.${storeUuid ? 'digest_of' : 'digest'}($1)`, [
    storeUuid ?? null,
  ]);
  return Object.fromEntries(found.map(({ name, content }) => [name, content]));
}

/** Functions, so that statements over so many tables are planned once. */
async function prepare(graph: GraphHarness): Promise<void> {
  const tables = await graph.admin<{ name: string; tenant: boolean }>(`
    select format('%I.%I', n.nspname, c.relname) as name,
      exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'store_id' and not a.attisdropped) as tenant
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where c.relkind = 'r' and c.relname not in (${inBackground.map((name) => `'${name}'`).join(', ')}) and (n.nspname in (${domainList}) or (n.nspname, c.relname) in (('events', 'log'), ('events', 'erasures')))
    order by 1`);
  // Sums, which need no order.
  const content = (name: string, line: string, condition: string) =>
    `select '${name}', count(*) || ' ' || coalesce(sum(hashtextextended(${line}, 0)), 0) from ${name} t where ${condition}`;
  const ofTables = (which: typeof tables, condition: string) =>
    which.map(({ name }) => content(name, contentOf[name] ?? 't::text', condition));
  // Mails that wait for a server are taken up again and again.
  const jobs = content('jobs.job', 't.id::text', "t.data ->> 'correlationId' is not null and t.name <> 'messaging.deliver-email'");
  const defined = (name: string, parts: readonly string[]) =>
    graph.admin(
      `create function public.${name}(store uuid) returns table (name text, content text) language plpgsql as $body$ begin return query ${parts.join(' union all ')}; end $body$`,
    );
  await defined('digest', [...ofTables(tables, 'true'), jobs]);
  const tenants = tables.filter(({ tenant }) => tenant);
  await defined('digest_of', ofTables(tenants, 't.store_id = $1'));
}
