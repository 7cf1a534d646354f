import { texts } from '@storegraph/database';
import { sql, type SQL } from 'drizzle-orm';
import type { SearchTerms } from './search.ts';

/** The rows `hits (customer_id, rank)` of the database's search function, which keeps to the transaction's store by itself. */
export const found = ({ words, wordForms, nearLongest, number, keys, keyStart, phoneEnd }: SearchTerms): SQL =>
  sql`customers.search_customers(${texts(words)}, ${texts(wordForms)}, ${texts(nearLongest)}, ${number}::integer, ${texts(keys)}, ${keyStart}::text, ${phoneEnd}::text) as hits`;
