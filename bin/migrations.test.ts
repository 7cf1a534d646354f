import { testDatabase } from '@storegraph/testing';
import { describe, expect, it } from 'vitest';
import { emptySnapshot, takeSnapshot, type TableSnapshot } from './snapshot.ts';
import { domains } from './workspace.ts';

const database = await testDatabase();

const names = (things: Readonly<Record<string, { readonly name: string }>>) => Object.values(things).map(({ name }) => name);

/** A table's shape in words. A migration may add by hand to `more`, and policies for one role alone. */
const declared = ({ columns, policies, indexes, uniqueConstraints, checkConstraints, foreignKeys }: TableSnapshot) => ({
  columns: Object.values(columns)
    .map(({ name, type, notNull, primaryKey }) => `${name} ${type.replace(' (', '(')}${notNull || primaryKey ? ' not null' : ''}`)
    .sort(),
  policies: names(policies).sort(),
  more: [
    ...[...names(indexes), ...names(uniqueConstraints), ...names(checkConstraints)],
    ...Object.values(foreignKeys).map(({ columnsFrom, tableTo, columnsTo }) => `${columnsFrom.join()} -> ${tableTo} ${columnsTo.join()}`),
  ],
});

const namesOf = (relation: string, attributes: string) =>
  `(select string_agg(attname, ',' order by place) from unnest(${attributes}) with ordinality key(number, place)
    join pg_attribute on attrelid = ${relation} and attnum = key.number)`;

/** What PostgreSQL says of one table, in the words of `declared`. */
async function migrated(schema: string, table: string): Promise<ReturnType<typeof declared> | undefined> {
  const [row] = await database.admin<ReturnType<typeof declared>>(
    `select
       to_json(array(select attname || ' ' || format_type(atttypid, atttypmod) || case when attnotnull then ' not null' else '' end
                     from pg_attribute where attrelid = c.oid and attnum > 0 and not attisdropped order by attname collate "C")) as columns,
       to_json(array(select polname from pg_policy where polrelid = c.oid and polroles = '{0}' order by polname collate "C")) as policies,
       to_json(array(select relname::text from pg_index join pg_class i on i.oid = indexrelid where indrelid = c.oid
                     union all select conname::text from pg_constraint where conrelid = c.oid and contype = 'c'
                     union all select format('%s -> %s %s', ${namesOf('conrelid', 'conkey')}, f.relname, ${namesOf('confrelid', 'confkey')})
                       from pg_constraint join pg_class f on f.oid = confrelid where conrelid = c.oid and contype = 'f')) as more
     from pg_class c where c.oid = to_regclass($1)`,
    [`${schema}.${table}`],
  );
  return row;
}

describe.each(domains)('the migrations of %s', async (domain) => {
  const { tables } = await takeSnapshot(domain, emptySnapshot());
  it.each(Object.values(tables))('leave $name as its tables.ts declares it', async (table) => {
    const { more, ...shape } = declared(table);
    const result = await migrated(domain, table.name);
    expect(result).toMatchObject(shape);
    expect(result?.more).toEqual(expect.arrayContaining(more));
  });
});
