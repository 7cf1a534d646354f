import type { Tx } from '@storegraph/database';
import { sql } from 'drizzle-orm';
import type { Contract } from './contract.ts';

/**
 * The domains with a consumer of such events, by name: those that whoever asks something of all can expect to answer. One that does not run at the moment
 * is among them, as its events wait for it.
 */
export async function domainsThatHear(tx: Tx, { type }: Contract): Promise<readonly string[]> {
  const [row] = await tx.execute<{ domains: string[] }>(sql`select events.domains_that_hear(${type}) as domains`);
  return row?.domains ?? [];
}
