import { beforeAll, describe, expect, it } from 'vitest';
import { testDatabase, type TestDatabase } from '../../src/database.ts';

const schemas = ['accounts', 'customers', 'events', 'jobs', 'limits', 'messaging', 'orders'];
const domains = ['accounts', 'customers', 'messaging', 'orders'];

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});

it('no role of the deployment is a superuser, has BYPASSRLS or can make roles or databases, and none but logins log in', async () => {
  const roles = await database.admin<{ name: string; login: boolean; free: boolean }>(
    `select rolname as name, rolcanlogin as login, rolsuper or rolbypassrls or rolcreaterole or rolcreatedb or rolreplication as free
     from pg_roles where rolname like 'storegraph%' order by 1`,
  );
  expect(roles.length).toBeGreaterThanOrEqual(5 * schemas.length);
  expect(roles.filter(({ free }) => free)).toEqual([]);
  expect(roles.filter(({ login }) => login).map(({ name }) => name)).toEqual(
    ['storegraph_login', ...[...schemas, 'gateway'].map((domain) => `storegraph_${domain}_login`)].toSorted(),
  );
});

it('neither requests nor sweeps nor logins own anything', async () => {
  const owners = await database.admin<{ owner: string }>(
    `
    select distinct pg_get_userbyid(owner) as owner from (
      select relowner from pg_class where relnamespace::regnamespace::text = any (string_to_array($1, ' '))
      union select proowner from pg_proc where pronamespace::regnamespace::text = any (string_to_array($1, ' '))
      union select nspowner from pg_namespace where nspname = any (string_to_array($1, ' '))) as all_of_them (owner) order by 1`,
    [schemas.join(' ')],
  );
  const allowed = schemas.flatMap((domain) => [`storegraph_${domain}_lookup`, `storegraph_${domain}_owner`]);
  expect(owners.map(({ owner }) => owner).filter((owner) => !allowed.includes(owner))).toEqual([]);
});

it("a login can become its own domain's roles and no other, and has no rights before it does", async () => {
  const memberships = await database.admin<{ login: string; roles: string; inherits: boolean }>(`
    select m.rolname as login, string_agg(r.rolname, ' ' order by r.rolname) as roles, bool_or(a.inherit_option) as inherits
    from pg_auth_members a join pg_roles m on m.oid = a.member join pg_roles r on r.oid = a.roleid
    where m.rolname like 'storegraph\\_%login' group by 1 order by 1`);
  const own = schemas.map((domain) => ({
    login: `storegraph_${domain}_login`,
    roles: `storegraph_${domain} storegraph_${domain}_system`,
    inherits: false,
  }));
  const all = {
    login: 'storegraph_login',
    roles: schemas.map((domain) => `storegraph_${domain} storegraph_${domain}_system`).join(' '),
    inherits: false,
  };
  expect(memberships).toEqual([...own, all].toSorted((one, other) => one.login.localeCompare(other.login)));
});

interface Right extends Record<string, unknown> {
  readonly object: string;
  readonly right: string;
}

/** Every right that a role has, by itself or through a group, on a table, column, sequence or schema outside of one domain. */
const rightsBeyond = (role: string, domain: string): Promise<Right[]> =>
  database.admin<Right>(
    `select n.nspname || '.' || c.relname as object, p as right from pg_class c join pg_namespace n on n.oid = c.relnamespace
       cross join unnest(array['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'REFERENCES', 'TRIGGER']) p
     where c.relkind in ('r', 'p', 'v', 'm') and n.nspname = any (string_to_array($3, ' ')) and n.nspname <> $2
       and (has_table_privilege($1, c.oid, p) or p in ('SELECT', 'INSERT', 'UPDATE', 'REFERENCES') and has_any_column_privilege($1, c.oid, p))
     union all
     select n.nspname || '.' || c.relname, p from pg_class c join pg_namespace n on n.oid = c.relnamespace cross join unnest(array['USAGE', 'SELECT', 'UPDATE']) p
     where c.relkind = 'S' and n.nspname = any (string_to_array($3, ' ')) and n.nspname <> $2 and has_sequence_privilege($1, c.oid, p)
     union all
     select nspname, p from pg_namespace cross join unnest(array['USAGE', 'CREATE']) p
     where nspname = any (string_to_array($3, ' ')) and nspname <> $2 and has_schema_privilege($1, oid, p)
     order by 1, 2`,
    [role, domain, schemas.join(' ')],
  );

describe.each(domains)('the role of requests of %s', (domain) => {
  it('has no right beyond its schema but to append to the log, to erase in it and to enqueue', async () => {
    expect(await rightsBeyond(`storegraph_${domain}`, domain)).toEqual([
      { object: 'events', right: 'USAGE' },
      { object: 'events.log', right: 'INSERT' },
      { object: 'jobs', right: 'USAGE' },
    ]);
    const callable = await database.admin(
      `select p.oid::regprocedure::text as name from pg_proc p join pg_namespace n on n.oid = p.pronamespace
       where n.nspname = any (string_to_array($3, ' ')) and n.nspname <> $2 and has_function_privilege($1, p.oid, 'execute') and has_schema_privilege($1, n.oid, 'usage') order by 1`,
      [`storegraph_${domain}`, domain, schemas.join(' ')],
    );
    expect(callable).toEqual([
      { name: 'events.domains_that_hear(text)' },
      { name: 'events.erase_addresses(text[])' },
      { name: 'events.erase_personal(text)' },
      { name: 'events.erase_subjects(text[])' },
      // Platform staff look after the jobs of every domain through accounts.
      ...(domain === 'accounts' ? [{ name: 'jobs.cancel_job(uuid)' }] : []),
      { name: 'jobs.enqueue(text,jsonb,jsonb,text,timestamp with time zone,text)' },
      ...(domain === 'accounts'
        ? [{ name: 'jobs.list_jobs(text[],text[],uuid[],text,uuid,integer)' }, { name: 'jobs.retry_job(uuid)' }]
        : []),
    ]);
  });

  it("can make nothing in its own schema, nor read another domain's table or the log when it tries", async () => {
    const [rights] = await database.admin(
      `select has_schema_privilege($1, $2, 'CREATE') as create, has_schema_privilege($1, 'public', 'CREATE') as public`,
      [`storegraph_${domain}`, domain],
    );
    expect(rights).toEqual({ create: false, public: false });
    const other = domain === 'orders' ? 'customers.customers' : 'orders.orders';
    for (const table of [other, 'events.log', 'jobs.job']) {
      const tried = database.admin(`begin; set local role storegraph_${domain}; select * from ${table}`);
      await expect(tried, table).rejects.toMatchObject({ code: '42501' });
      await database.admin('rollback');
    }
  });

  it('sweeps beyond requests: it alone is not the role of the domain’s sweeps', async () => {
    const [found] = await database.admin(
      `select pg_has_role($1, $2, 'MEMBER') as member, pg_has_role($1, $3, 'MEMBER') as lookup, pg_has_role($1, $4, 'MEMBER') as owner`,
      [`storegraph_${domain}`, `storegraph_${domain}_system`, `storegraph_${domain}_lookup`, `storegraph_${domain}_owner`],
    );
    expect(found).toEqual({ member: false, lookup: false, owner: false });
  });
});
