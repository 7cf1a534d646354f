import * as drizzleKit from 'drizzle-kit/api';
import { sources } from './workspace.ts';

/** The tables of a domain as drizzle-kit writes them down, by `schema.table`. */
export interface Snapshot {
  readonly id: string;
  readonly tables: Readonly<Record<string, TableSnapshot>>;
}

export interface TableSnapshot {
  readonly name: string;
  readonly columns: Readonly<
    Record<string, { readonly name: string; readonly type: string; readonly notNull: boolean; readonly primaryKey: boolean }>
  >;
  readonly indexes: Readonly<Record<string, { readonly name: string; readonly isUnique: boolean }>>;
  readonly foreignKeys: Readonly<
    Record<string, { readonly tableTo: string; readonly columnsFrom: readonly string[]; readonly columnsTo: readonly string[] }>
  >;
  readonly uniqueConstraints: Readonly<Record<string, { readonly name: string }>>;
  readonly checkConstraints: Readonly<Record<string, { readonly name: string }>>;
  readonly policies: Readonly<Record<string, { readonly name: string; readonly for?: string }>>;
}

// The package's own types lead to packages that it does not bring along.
const {
  generateDrizzleJson,
  generateMigration,
}: {
  generateDrizzleJson: (tables: Record<string, unknown>, previous?: string, schemas?: string[], casing?: 'snake_case') => Snapshot;
  generateMigration: (from: Snapshot, to: Snapshot) => Promise<string[]>;
} = drizzleKit;

export const emptySnapshot = (): Snapshot => generateDrizzleJson({});

/** What every tables.ts of a domain declares. Node loads them itself: drizzle-kit's own loader does not understand our modules. */
export async function takeSnapshot(domain: string, previous: Snapshot): Promise<Snapshot> {
  const tables: Record<string, unknown> = {};
  for (const file of sources(domain, '**/tables.ts')) {
    const declared = (await import(file)) as Record<string, object>;
    // Tables that a package declares for several domains stand together in one object.
    const together = Object.values(declared).filter((value) => Object.getPrototypeOf(value) === Object.prototype);
    for (const part of [declared, ...together]) Object.assign(tables, part);
  }
  return generateDrizzleJson(tables, previous.id, [domain], 'snake_case');
}

/** The statements that lead from one snapshot to another. Asks at the terminal whether a column was renamed. */
export const changes = generateMigration;
