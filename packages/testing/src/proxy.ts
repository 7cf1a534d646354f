import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

export interface Proxy {
  readonly host: string;
  readonly port: number;
  /** Holds what passes back by this many milliseconds, from now on. */
  latency(milliseconds: number): void;
  /** Cuts every connection at once, as a reset; new ones are taken. */
  cut(): void;
  /** Passes nothing more in either direction, and tells nobody: the peer's machine is gone. New connections get no answer either. */
  halfOpen(): void;
  /** Passes everything again; connections that were half open are cut. */
  restore(): void;
  /** Cuts the next connection, or each of those that are open, when so many more bytes have come back from the target. */
  cutAfterBytes(count: number): void;
  close(): Promise<void>;
}

interface Pair {
  readonly client: Socket;
  readonly target: Socket;
  dead: boolean;
  left: number;
}

/** A TCP proxy on a free port of this machine that breaks on request, for tests of what happens then. */
export async function startProxy({ target }: { target: { host: string; port: number } }): Promise<Proxy> {
  const pairs = new Set<Pair>();
  let delay = 0;
  let silent = false;
  let limit = Infinity;

  const end = (pair: Pair) => {
    pairs.delete(pair);
    pair.client.resetAndDestroy();
    pair.target.resetAndDestroy();
  };

  const server = createServer((client) => {
    const upstream = connect(target);
    const pair: Pair = { client, target: upstream, dead: silent, left: limit };
    limit = Infinity;
    pairs.add(pair);
    client.setNoDelay(true);
    upstream.setNoDelay(true);

    client.on('data', (data) => {
      if (!pair.dead && !upstream.destroyed) upstream.write(data);
    });
    upstream.on('data', (data) => {
      if (pair.dead) return;
      const passed = data.subarray(0, pair.left);
      pair.left -= data.length;
      const deliver = () => {
        if (pair.dead || client.destroyed) return;
        client.write(passed);
        if (passed.length < data.length) end(pair);
      };
      if (delay > 0) setTimeout(deliver, delay);
      else deliver();
    });
    const ended = () => {
      if (pair.dead) return;
      pairs.delete(pair);
      setTimeout(() => {
        client.destroy();
        upstream.destroy();
      }, delay);
    };
    for (const socket of [client, upstream]) {
      socket.on('error', () => undefined);
      socket.on('close', ended);
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The proxy has no port');

  return {
    host: '127.0.0.1',
    port: address.port,
    latency: (milliseconds) => {
      delay = milliseconds;
    },
    cut: () => {
      for (const pair of pairs) end(pair);
    },
    halfOpen: () => {
      silent = true;
      for (const pair of pairs) pair.dead = true;
    },
    restore: () => {
      silent = false;
      delay = 0;
      limit = Infinity;
      for (const pair of pairs) {
        pair.left = Infinity;
        if (pair.dead) end(pair);
      }
    },
    cutAfterBytes: (count) => {
      limit = count;
      for (const pair of pairs) {
        pair.left = count;
        limit = Infinity;
      }
    },
    close: async () => {
      for (const pair of pairs) end(pair);
      server.close();
      await once(server, 'close');
    },
  };
}
