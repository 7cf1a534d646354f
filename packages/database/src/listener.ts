import { setTimeout as delay } from 'node:timers/promises';
import type postgres from 'postgres';

interface Hooks {
  readonly onnotify: (channel: string, payload: string) => void;
  readonly onclose: () => void;
}

const firstDelayMs = 100;
const longestDelayMs = 5_000;

/**
 * A connection that listens to one channel and connects again after every loss, however long the server is away. (postgres' own `listen` gives up for
 * good when its first attempt to reconnect fails.)
 */
export function openListener(
  connect: (hooks: Hooks) => postgres.Sql,
  channel: string,
  onMessage: (payload: string) => void,
  onReady: () => void = () => undefined,
): () => Promise<void> {
  const closing = new AbortController();
  const statement = `listen "${channel.replaceAll('"', '""')}"`;
  let lost = Promise.withResolvers<void>();
  const sql = connect({
    onnotify: (name, payload) => {
      if (name === channel) onMessage(payload);
    },
    onclose: () => lost.resolve(),
  });

  const running = (async () => {
    let wait = firstDelayMs;
    while (!closing.signal.aborted) {
      lost = Promise.withResolvers();
      try {
        await sql.unsafe(statement);
        wait = firstDelayMs;
        onReady();
        await lost.promise;
      } catch {
        // The server is away: tried again below.
      }
      await delay(wait, undefined, { signal: closing.signal }).catch(() => undefined);
      wait = Math.min(wait * 2, longestDelayMs);
    }
  })();

  return async () => {
    closing.abort();
    lost.resolve();
    await sql.end({ timeout: 0 });
    await running;
  };
}
