import type { Tx } from '@storegraph/database';
import type { SQL } from 'drizzle-orm';
import type { PgTable } from 'drizzle-orm/pg-core';
import type { KnownCustomerTables } from './tables.ts';

/** What becomes of the rows of somebody who is erased. */
export interface Treatment {
  /** Columns that are personal, with what they become. */
  readonly blank: Readonly<Record<string, SQL>>;
  /** Why the rows stay: null for those of which nothing needs to be said, as they come with others. */
  readonly keep: 'TAX_RECORDS' | 'LEDGER' | 'AUDIT' | null;
}

export interface Count {
  readonly what: string;
  readonly count: number;
}

/** A customer's rows on their way to another one: store and both ids as expressions of SQL. */
export interface Move {
  readonly store: SQL;
  readonly from: SQL;
  readonly to: SQL;
}

/** A domain whose rows name customers, in the column `customer_id` of any of its tables. */
export interface Domain {
  /** Its name, and that of its PostgreSQL schema. */
  readonly name: string;
  readonly tables: KnownCustomerTables;
  /** By table. One with a customer that is not here fails an erasure: a test of the domain sees to it that each is. */
  readonly treatments: Readonly<Record<string, Treatment>>;
  /** Tables whose rows events name as their subject where they know of no customer, with the prefix of their ids. */
  readonly subjects: Readonly<Record<string, string>>;
  /** Files and the like that hold a person's data without naming the person: gone before the rows are blanked. Says what and how many. */
  readonly dropFiles?: (tx: Tx) => Promise<Count>;
  /** Gives the statement that takes a table's rows along with what they hang on, for a table that somebody keeps count of. */
  readonly counted?: (table: PgTable, update: SQL, move: Move) => SQL;
  /** After a merge was taken back: counters that only the merge had made. */
  readonly uncount?: (tx: Tx, move: Move) => Promise<void>;
}
