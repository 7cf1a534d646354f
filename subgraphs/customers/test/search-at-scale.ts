import { newId, toUuid } from '@storegraph/core';
import { roleName } from '@storegraph/database';
import { identity, rolePrefix } from '@storegraph/testing';
import { sql } from 'drizzle-orm';
import { beforeAll, expect, test } from 'vitest';
import { found } from '../src/customer/found.ts';
import { searchTerms } from '../src/customer/search.ts';
import { world, type World } from './world.ts';

/** Names that share words and syllables as names do, without a random number: the same rows in every run. */
const fill = `
  with words as (
    select n, (array['john','mary','anna','andrew','maria','george','nikos','eleni','peter','paul','sofia','li','wei','jose','emma','noah','grace','sarah'])[1 + n % 18] as first,
      (array['pa','do','lo','ma','ri','ka','ste','fa','no','ti','ber','gar','lan','sen','ow','ski','man','ton','ford','well'])[1 + (n / 18) % 20]
      || (array['wood','land','field','brook','stein','hart','worth','ley','son','smith','berg','ova'])[1 + (n / 7) % 12]
      || (array['','s','er','ova','ez','idis','opoulos'])[1 + (n / 5) % 7] as last
    from generate_series(1, $2::int) n
  )
  insert into customers.customers (store_id, id, number, first_name, last_name, search_name, status, created_at)
  select $1::uuid, gen_random_uuid(), n, first, last, ' ' || first || ' ' || last || ' ', case when n % 50 = 0 then 'DISABLED' else 'ACTIVE' end,
    timestamptz '2020-01-01' + n * interval '1 minute' from words`;
const points = `
  insert into customers.contact_points (store_id, id, customer_id, channel, address, display, search_key, is_primary)
  select store_id, gen_random_uuid(), id, channel, address, address, lower(address), true from customers.customers c,
    lateral (values ('EMAIL', first_name || number || '@example.com'), ('PHONE', '+4479' || lpad(number::text, 8, '0')), ('EXTERNAL', 'C' || number)) as p (channel, address)
  where store_id = $1::uuid`;

/** Declares the tests of a store with `size` customers, beside another store with as many. */
export function searchesWithIndexes(size: number): void {
  let there: World;

  beforeAll(async () => {
    there = await world();
    for (const store of [there.storeId, newId('sto')]) {
      await there.admin(fill, [toUuid(store), size]);
      await there.admin(points, [toUuid(store)]);
    }
    await there.admin('analyze customers.customers, customers.contact_points');
  }, 600_000);

  test.each([
    ['a name', 'grace', true],
    ['both names', 'john pawoods', true],
    ['a name with a typing error', 'grcae', true],
    ['both names with a typing error', 'jhon stelandova', true],
    ['a long name with two', 'garhartopuolis', true],
    ['one letter', 'g', true],
    ['the beginning of an e-mail address', 'grace1', true],
    ['an e-mail address', 'john18@example.com', true],
    ['a phone number', '07900 000018', true],
    ['an external id', 'C18', true],
    ['a customer number', '18', true],
    ['nobody', 'qqqqqqqqqqqq', false],
  ])('%s is looked up by indexes alone', async (_, query, exists) => {
    const { hits, scans } = await searchAndCount(there, query);
    expect(hits > 0).toBe(exists);
    expect(scans).toEqual({ customers: 0, contact_points: 0 });
  });

  test('a list is read from an index in its order, as the application role', async () => {
    for (const [args, index] of [
      ['', 'customers_created_index'],
      ['(filter: { status: [DISABLED] })', 'customers_status_index'],
      ['(sort: NUMBER)', 'customers_number_key'],
      ['(sort: NAME)', 'customers_sort_name_index'],
      ['(sort: UPDATED)', 'customers_updated_index'],
    ] as const) {
      const first = await explained(there, `{ customers${args} { nodes { id } pageInfo { endCursor } } }`);
      expect(first).toContain(index);
      expect(first).not.toMatch(/Seq Scan|"Sort"/);
    }
  });

  test('customers, addresses and contact points of a page are read by index', async () => {
    const plan = await explained(there, '{ customers(first: 100, query: "grace") { nodes { addresses { id } contactPoints { id } } } }');
    expect(plan).toMatch(/addresses_customer_index|addresses_default/);
    expect(plan).toMatch(/contact_points_customer_index|contact_points_primary_key/);
    expect(plan).not.toContain('Seq Scan');
  });

  test('the role that searches may read the columns of search and nothing else', async () => {
    const role = roleName({ prefix: rolePrefix, domain: 'customers', kind: 'lookup' });
    const [rights] = await there.admin(
      `select has_column_privilege($1, 'customers.customers', 'search_name', 'select') names, has_column_privilege($1, 'customers.customers', 'birth_date', 'select') days,
        has_any_column_privilege($1, 'customers.customers', 'insert, update') writes, has_table_privilege($1, 'customers.customers', 'delete') deletes,
        has_any_column_privilege($1, 'customers.addresses', 'select') addresses, has_column_privilege($1, 'customers.contact_points', 'display', 'select') displays,
        (select rolsuper or rolbypassrls from pg_roles where rolname = $1) rules, (select json_agg(proname order by proname) from pg_proc where proowner = $1::regrole) functions`,
      [role],
    );
    expect(rights).toEqual({
      names: true,
      days: false,
      writes: false,
      deletes: false,
      addresses: false,
      displays: false,
      rules: false,
      functions: ['log_in_candidate', 'password_of', 'refresh_token_owner', 'reset_of_token', 'search_customers', 'sign_up_of_token'],
    });
    const [made] = await there.admin(
      "select prosecdef, array_to_string(proconfig, ';') config from pg_proc where proname = 'search_customers'",
    );
    expect(made).toMatchObject({ prosecdef: true, config: expect.stringContaining('search_path=pg_catalog, extensions, pg_temp;') });
  });
}

const asStaff = ({ pool, storeId }: World) =>
  pool.session({ domain: 'customers', identity: identity.staff(storeId), correlationId: newId('req'), origin: 'LIVE' });

/** What a search finds, and the sequential scans that its function made, as the application role. */
async function searchAndCount(there: World, query: string) {
  const terms = searchTerms(query, 'GB');
  if (!terms) throw new Error('Nothing to look for.');
  const db = asStaff(there);
  const counted = await db.read(async (tx) => {
    const count = async () => {
      const rows = await tx.execute<{ name: string; scans: number }>(
        sql`select relname as name, seq_scan::int as scans from pg_stat_xact_user_tables where schemaname = 'customers'`,
      );
      return new Map([...rows].map((row) => [row.name, row.scans]));
    };
    const before = await count();
    const hits = await tx.execute(sql`select * from ${found(terms)}`);
    const after = await count();
    const scans = ['customers', 'contact_points'].map((table) => [table, (after.get(table) ?? 0) - (before.get(table) ?? 0)]);
    return { hits: hits.length, scans: Object.fromEntries(scans) as Record<string, number> };
  });
  await db.end();
  return counted;
}

/** The plans of every statement that a query sends to the domain's tables, as the application role. */
async function explained(there: World, query: string): Promise<string> {
  there.statements();
  await there.staff.data(query);
  const selects = there.statements().filter((statement) => /^select (?!set_config)/.test(statement));
  const db = asStaff(there);
  const plans = await db.read(async (tx) => {
    const texts: string[] = [];
    for (const select of selects) texts.push(JSON.stringify(await tx.execute(sql.raw(`explain (generic_plan, format json) ${select}`))));
    return texts.join('\n');
  });
  await db.end();
  return plans;
}
