import { newId, parseId, toUuid } from '@storegraph/core';
import { beforeAll, describe, expect, it } from 'vitest';
import { classes, readByStores, tablesOfClass } from './catalog.ts';
import { openWorld, type Rows, type World } from './world.ts';

/** What a transaction says of who it is for. */
interface Settings {
  readonly kind?: string;
  readonly store?: string;
  readonly customer?: string;
  readonly user?: string;
}

let world: World;
/** The columns of each table that a statement may write: not those that the database works out itself. */
let writable: ReadonlyMap<string, string>;
let [storeA, storeB, userA, customerA] = ['', '', '', ''];
beforeAll(async () => {
  world = await openWorld();
  const rows = await world.a.rows();
  const others = await world.b.rows();
  await world.graph.settled();
  await fill(rows);
  await fill(others);
  const columns = await world.graph.admin<{ name: string; columns: string }>(
    `select format('%s.%s', table_schema, table_name) as name, string_agg(quote_ident(column_name), ', ') as columns
     from information_schema.columns where is_generated = 'NEVER' and is_identity = 'NO' group by 1`,
  );
  writable = new Map(columns.map(({ name, columns: list }) => [name, list]));
  [storeA, storeB] = [uuid('sto', world.a.id), uuid('sto', world.b.id)];
  userA = uuid('usr', rows['userId']);
  customerA = uuid('cus', rows['customerId']);
  // A right that a role does not have would hide that a policy does not hold.
  for (const domain of Object.keys(classes))
    await world.graph.admin(`grant select, insert, update, delete on all tables in schema ${domain} to storegraph_${domain}`);
});

const uuid = (prefix: string, id: unknown) => toUuid(parseId(prefix, id) ?? 'none_');
const storeTables = [...tablesOfClass('tenant'), ...Object.keys(classes).map((domain) => `${domain}.idempotency_keys`)];

/** A row in each table in which the rows of a world have left none. */
async function fill(rows: Rows): Promise<void> {
  const id = (prefix: string, name: string) => `'${uuid(prefix, rows[name])}'`;
  const store = id('sto', 'storeId');
  const [customer, order] = [id('cus', 'customerId'), id('ord', 'orderId')];
  const [discount, code] = [id('dsc', 'discountId'), id('dcd', 'codeId')];
  await world.graph.admin(`
    insert into customers.customer_tags (store_id, customer_id, tag) values (${store}, ${customer}, 'lantern');
    insert into customers.customer_import_rejections (store_id, import_id, line, position, code, message)
      values (${store}, ${id('cim', 'customerImportId')}, 2, 0, 'INVALID', 'No address');
    insert into orders.customer_moves (store_id, relation, row_id, home_id) values (${store}, 'orders', ${order}, ${customer});
    insert into orders.discount_amounts (store_id, discount_id, currency, minimum_subtotal) values (${store}, ${discount}, 'EUR', 100);
    insert into orders.discount_code_batches (store_id, id, discount_id, length, count) values (${store}, gen_random_uuid(), ${discount}, 10, 1);
    insert into orders.discount_code_requests (store_id, requester, key, discount_id, code_id)
      values (${store}, 'loyalty', '1', ${discount}, ${code});
    insert into orders.discount_guesses (store_id, guesser, since, misses) values (${store}, 'somebody', now(), 1);
    insert into orders.gift_card_guesses (store_id, guesser, since, misses) values (${store}, 'somebody', now(), 1);
    insert into orders.gift_card_settings (store_id, forfeit_after_days) values (${store}, 30);
    insert into orders.gift_card_holds (store_id, id, card_id, order_id, customer_id, amount, captured)
      values (${store}, gen_random_uuid(), ${id('gft', 'giftCardId')}, ${order}, ${customer}, 100, 0);
    insert into messaging.conversation_labels (store_id, conversation_id, label) values (${store}, ${id('cnv', 'conversationId')}, 'vip');
    insert into messaging.customer_moves (store_id, relation, row_id, home_id)
      values (${store}, 'conversations', ${id('cnv', 'conversationId')}, ${customer});
    insert into messaging.message_revisions (store_id, id, message_id, customer_id, content, actor_kind)
      values (${store}, gen_random_uuid(), ${id('msg', 'messageId')}, ${customer}, 'Before', 'STORE');
    insert into messaging.suppressions (store_id, id, address, reason) values (${store}, gen_random_uuid(), 'ada@example.com', 'BOUNCED')`);
}

/** One statement as the role of the domain's requests, undone afterwards. Past the query helpers, so that nothing filters but the policies. */
async function as<Row>(table: string, { kind = '', store = '', customer = '', user = '' }: Settings, statement: string): Promise<Row> {
  const [domain] = table.split('.');
  try {
    const results: unknown = await world.graph.admin(
      `begin; set local role storegraph_${domain}; set local app.kind = '${kind}'; set local app.store_id = '${store}';
       set local app.customer_id = '${customer}'; set local app.user_id = '${user}'; ${statement}; rollback`,
    );
    const row = (results as Row[][]).flat().at(-1);
    if (row === undefined) throw new Error('The statement gave nothing');
    return row;
  } catch (error) {
    await world.graph.admin('rollback');
    throw error;
  }
}

const seen = (table: string, who: Settings) =>
  as<{ mine: number; others: number }>(
    table,
    who,
    `select count(*) filter (where store_id = '${storeA}')::int as mine, count(*) filter (where store_id <> '${storeA}')::int as others from ${table}`,
  );

/** How many rows of the store a statement of that identity has changed. */
async function hits(table: string, who: Settings, store: string): Promise<{ updated: number; deleted: number }> {
  const { n: updated } = await as<{ n: number }>(
    table,
    who,
    `with hit as (update ${table} set store_id = store_id where store_id = '${store}' returning 1) select count(*)::int as n from hit`,
  );
  const { n: deleted } = await as<{ n: number }>(
    table,
    who,
    `with hit as (delete from ${table} where store_id = '${store}' returning 1) select count(*)::int as n from hit`,
  );
  return { updated, deleted };
}

async function insertCopy(table: string, who: Settings, store: string): Promise<unknown> {
  const [row] = await world.graph.admin<{ json: string }>(
    `select to_jsonb(t)::text as json from ${table} t where store_id = '${store}' limit 1`,
  );
  if (!row) throw new Error(`${table} has no row of the store`);
  const columns = writable.get(table) ?? '';
  const copy = `insert into ${table} (${columns}) select ${columns} from jsonb_populate_record(null::${table}, '${row.json.replaceAll("'", "''")}') returning 1 as n`;
  return as(table, who, copy);
}

const refusedByPolicy = { code: '42501', message: expect.stringContaining('row-level security policy') as string };
// No command of accounts or customers takes a key yet, and a table without rows would prove nothing.
const filled = storeTables.filter((table) => !['accounts.idempotency_keys', 'customers.idempotency_keys'].includes(table));

describe.each(filled)('%s, with the filters of queries off', (table) => {
  it.each(['STAFF', 'API_KEY', 'PLATFORM', 'SYSTEM'])(
    "shows %s of a store that store's rows alone, and lets it write no others",
    async (kind) => {
      const who = { kind, store: storeA, user: userA };
      const { mine, others } = await seen(table, who);
      expect(mine).toBeGreaterThan(0);
      expect(others).toBe(0);
      expect(await hits(table, who, storeB)).toEqual({ updated: 0, deleted: 0 });
      await expect(insertCopy(table, who, storeB)).rejects.toMatchObject(refusedByPolicy);
    },
  );

  it('shows nothing of other people’s to a visitor, to a customer and to nobody, and lets them write nothing', async () => {
    const strangers: Settings[] = [
      {},
      { store: storeA },
      { kind: 'STAFF' },
      { kind: 'PLATFORM' },
      { kind: 'STAFF', store: toUuid(newId('sto')) },
      { kind: 'ANONYMOUS' },
      { kind: 'ANONYMOUS', store: storeA },
      { kind: 'CUSTOMER', store: storeA },
      { kind: 'CUSTOMER', store: storeA, customer: toUuid(newId('cus')) },
      { kind: 'CUSTOMER', store: storeB, customer: customerA },
      { kind: 'CUSTOMER', customer: customerA },
      { kind: 'NONSENSE', store: storeA, customer: customerA, user: userA },
    ];
    for (const who of strangers) {
      const shopper = who.kind === 'ANONYMOUS' || who.kind === 'CUSTOMER';
      // The store that a shopper stands in is the one thing they may know.
      const known = table === 'accounts.stores' && shopper && who.store !== undefined;
      const { mine, others } = await seen(table, who);
      expect({ who, rows: mine + others }).toEqual({ who, rows: known ? 1 : 0 });
      for (const store of [storeA, storeB]) {
        expect({ who, ...(await hits(table, who, store)) }).toEqual({ who, updated: 0, deleted: 0 });
        await expect(insertCopy(table, who, store)).rejects.toMatchObject(refusedByPolicy);
      }
    }
  });
});

describe.each(tablesOfClass('user'))('%s, with the filters of queries off', (table) => {
  it('shows a person their own rows alone, whatever the store, and others nothing', async () => {
    const count = (who: Settings) =>
      as<{ mine: number; others: number }>(
        table,
        who,
        `select count(*) filter (where user_id = '${userA}')::int as mine, count(*) filter (where user_id <> '${userA}')::int as others from ${table}`,
      );
    const { mine, others } = await count({ kind: 'STAFF', store: storeB, user: userA });
    expect({ others, some: mine > 0 }).toEqual({ others: 0, some: table !== 'accounts.platform_staff' });
    for (const kind of ['', 'STAFF', 'API_KEY', 'PLATFORM', 'CUSTOMER', 'ANONYMOUS'])
      expect({ kind, ...(await count({ kind, store: storeA })) }).toEqual({ kind, mine: 0, others: 0 });
  });
});

it.each(tablesOfClass('platform'))(
  '%s shows nothing to anybody of a store, unless it is nobody’s, and lets nobody of a store write',
  async (table) => {
    const open = readByStores.includes(table) ? ['STAFF', 'API_KEY'] : [];
    for (const kind of ['', 'STAFF', 'API_KEY', 'CUSTOMER', 'ANONYMOUS']) {
      const who = { kind, store: storeA, user: userA, customer: customerA };
      const gone = `with hit as (delete from ${table} returning 1) select count(*)::int as n from hit`;
      expect({ kind, ...(await as<object>(table, who, gone)) }).toEqual({ kind, n: 0 });
      if (open.includes(kind)) continue;
      expect({ kind, ...(await as<object>(table, who, `select count(*)::int as n from ${table}`)) }).toEqual({ kind, n: 0 });
    }
  },
);
