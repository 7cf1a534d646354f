import type { GraphQLSchema } from 'graphql';
import { endings, type Ending } from './endings.ts';
import type { SubscriptionSettings } from './settings.ts';

/** A WebSocket or an event stream, whoever is at its other end. */
export interface Connection {
  /** Whether it carries what was made for another schema. */
  isOutdated(schema: GraphQLSchema): boolean;
  /** Looks whether there is still somebody, and says that there is. */
  beat(): void;
  /**
   * It is to end soon, and takes nothing new from now on. Resolves when something new was asked for: whoever waits for that had better come back at once.
   * Nobody asks for something new over an event stream.
   */
  retire?(): Promise<void>;
  /** Waits a moment for what is under way, and ends. Resolves when it is over. */
  finish(ending: Ending): Promise<void>;
}

/** All connections of this gateway: what happens to them together, happens to them one by one, so that their clients do not come back all at once. */
export interface Connections {
  add(connection: Connection): void;
  remove(connection: Connection): void;
  /** Some time within these milliseconds. */
  endWithin(milliseconds: number, connection: Connection, ending: Ending): void;
  /** Ends what runs on another schema. */
  reloaded(schema: GraphQLSchema): void;
  readonly closing: boolean;
  close(): Promise<void>;
}

export function createConnections({
  heartbeatMs,
  reloadOverMs,
  closeOverMs,
}: Pick<SubscriptionSettings, 'heartbeatMs' | 'reloadOverMs' | 'closeOverMs'>): Connections {
  const all = new Set<Connection>();
  let closing = false;

  const heart = setInterval(() => {
    for (const connection of all) connection.beat();
  }, heartbeatMs);
  heart.unref();

  const within = async (milliseconds: number, connection: Connection, ending: Ending): Promise<void> => {
    const waited = Promise.withResolvers<void>();
    const timer = setTimeout(waited.resolve, Math.random() * milliseconds);
    await Promise.race([waited.promise, connection.retire?.() ?? waited.promise]);
    clearTimeout(timer);
    if (all.has(connection)) await connection.finish(ending);
  };

  const endWithin: Connections['endWithin'] = (milliseconds, connection, ending) => void within(milliseconds, connection, ending);

  return {
    add: (connection) => void all.add(connection),
    remove: (connection) => void all.delete(connection),
    endWithin,
    reloaded(schema) {
      for (const connection of all) if (connection.isOutdated(schema)) endWithin(reloadOverMs, connection, endings.reloaded);
    },
    get closing() {
      return closing;
    },
    async close() {
      closing = true;
      clearInterval(heart);
      await Promise.all([...all].map((connection) => within(closeOverMs, connection, endings.closing)));
    },
  };
}
