import type { GraphHarness } from '../../src/graph.ts';

/**
 * The content of every table of every domain and of the event log, each in one short text; of one store alone where one is named. Jobs are
 * those that domains have put in: the queue's own bookkeeping goes on while nothing happens, and so does that of dispatchers.
 */
export async function digest(graph: GraphHarness, storeUuid?: string): Promise<Record<string, string>> {
  const tables = await graph.admin<{ name: string; tenant: boolean }>(`
    select format('%I.%I', n.nspname, c.relname) as name,
      exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'store_id' and not a.attisdropped) as tenant
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where c.relkind = 'r' and (n.nspname in ('accounts', 'customers', 'orders') or (n.nspname, c.relname) in (('events', 'log'), ('events', 'erasures')))
    order by 1`);
  const parts = tables
    .filter(({ tenant }) => tenant || storeUuid === undefined)
    .map(({ name, tenant }) => {
      const rows = `select t::text as line from ${name} t${tenant && storeUuid ? ` where t.store_id = '${storeUuid}'` : ''}`;
      return `select '${name}' as name, count(*) || ' ' || coalesce(md5(string_agg(line, chr(10) order by line)), '') as content from (${rows}) as lines`;
    });
  const jobs = `select 'jobs.job', count(*) || ' ' || coalesce(md5(string_agg(id::text, ' ' order by id)), '') from jobs.job where name not like '\\_\\_%' and data ? 'correlationId'`;
  const found = await graph.admin<{ name: string; content: string }>([...parts, ...(storeUuid ? [] : [jobs])].join(' union all '));
  return Object.fromEntries(found.map(({ name, content }) => [name, content]));
}
