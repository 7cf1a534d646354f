import { deriveSecrets } from '@storegraph/auth';
import { toUuid } from '@storegraph/core';
import { searchTerms } from '@storegraph/customers';
import { loginUrl, openDirect } from '@storegraph/database';
import { fillCustomers } from './desk-rows.ts';
import { compared, sideBySide, type Measurement } from './measure.ts';
import { deskOf } from './orders.ts';
import { onStage } from './stage.ts';

/** Customers that a person looks for, through the subgraph in this process, against the database's own search function, asked directly. */
export function benchSearch({ customers: size = 100_000 }: { readonly customers?: number | undefined } = {}): Promise<Measurement[]> {
  return onStage(async (stage) => {
    const { bare, options } = stage;
    const { storeId, ask } = deskOf(stage, 'customers');
    await fillCustomers(bare, toUuid(storeId), size);
    await bare.query('vacuum analyze');
    const secret = deriveSecrets(options.secret).databaseSecret;
    const url = loginUrl({ adminUrl: options.adminUrl, prefix: options.rolePrefix, secret, domain: 'customers' });
    const direct = openDirect({ url, role: `${options.rolePrefix}_customers` });
    try {
      await direct.query("select set_config('app.kind', 'STAFF', false), set_config('app.store_id', $1, false)", [toUuid(storeId)]);
      const measured: Measurement[] = [];
      const [one] = await bare.query<{ first: string; last: string }>(
        'select first_name as first, last_name as last from customers.customers where store_id = $1 and number = $2',
        [toUuid(storeId), size / 2],
      );
      if (!one) throw new Error('There is nobody to look for.');
      const searches = [
        ['a whole name', `${one.last} ${one.first}`],
        ['a name with a typing error', `${one.last.slice(0, 3)}${one.last.slice(4)} ${one.first}`],
        ['a common first name', 'grace'],
        ['an e-mail address', 'john18@example.com'],
      ] as const;
      for (const [what, query] of searches) {
        const terms = searchTerms(query, null);
        if (!terms) throw new Error('There is nothing to look for.');
        const { words, wordForms, nearLongest, number, keys, keyStart, phoneEnd } = terms;
        const params = [toUuid(storeId), words, wordForms, nearLongest, number, keys, keyStart, phoneEnd];
        const times = await sideBySide(
          50,
          () => ask(`{ customers(query: "${query}", first: 20) { nodes { id number firstName lastName } } }`),
          () => direct.query(searchOf, params),
        );
        measured.push(compared(`${what} among ${size} customers, against the search function`, times, 3));
      }
      return measured;
    } finally {
      await direct.close();
    }
  });
}

const searchOf = `
  select c.id, c.number, c.first_name, c.last_name
  from customers.search_customers($2::text[], $3::text[], $4::text[], $5::integer, $6::text[], $7::text, $8::text) hits
  join customers.customers c on c.store_id = $1::uuid and c.id = hits.customer_id order by hits.rank desc, c.id limit 20`;
