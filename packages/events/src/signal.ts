import { encodeJson } from '@storegraph/core';
import type { Tx } from '@storegraph/database';
import { sql } from 'drizzle-orm';

export const signalChannel = 'storegraph_signals';

/** PostgreSQL takes less than 8,000 bytes in a notification. */
const maxBytes = 7_900;

/**
 * Tells every process that listens now, once the transaction has been committed; whoever does not listen never learns of it. For what nobody misses
 * (typing, presence, drop a cache): a fact is an event.
 */
export async function signal(tx: Tx, topic: string, payload: object): Promise<void> {
  const message = encodeJson({ topic, payload });
  if (Buffer.byteLength(message) > maxBytes) throw new Error(`A signal of ${topic} is longer than ${maxBytes} bytes`);
  await tx.execute(sql`select pg_notify(${signalChannel}, ${message})`);
}
