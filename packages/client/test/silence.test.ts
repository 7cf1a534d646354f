import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { promisify } from 'node:util';
import { expect, it, onTestFinished } from 'vitest';
import { WebSocketServer } from 'ws';
import { NUMBERS } from './numbers.ts';
import { clientOf } from './stream.ts';

it('lets the process live when a server takes the connection and never answers, whoever gives up', async () => {
  const server = createServer((socket) => void socket.on('error', () => undefined));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  const script = `
    import { WebSocket } from 'ws';
    import { createClient } from '@storegraph/client';
    const options = { url: 'ws://127.0.0.1:${port}/graphql', webSocketImpl: WebSocket, backoff: { first: 1, most: 1 } };
    const operation = { query: ${JSON.stringify(NUMBERS)} };

    const losses = [];
    const onConnection = ({ closeCode }) => losses.push(closeCode) === 2 && silent.dispose();
    const silent = createClient({ ...options, answerWithin: 50, onConnection });
    for await (const event of silent.subscribe(operation));
    console.log(losses.join(' '));

    class Watched extends WebSocket {
      constructor(...given) {
        super(...given);
        setImmediate(() => left.dispose());
      }
    }
    const left = createClient({ ...options, webSocketImpl: Watched });
    for await (const event of left.subscribe(operation));
    console.log('left');`;
  const cwd = new URL('..', import.meta.url);
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script], { cwd });
  expect(stdout.trim().split('\n')).toEqual(['4499 4499', 'left']);
});

it('notices a server that is gone though something else came where a pong was to come', async () => {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  await once(server, 'listening');
  onTestFinished(() => {
    for (const socket of server.clients) socket.terminate();
    server.close();
  });
  server.on('connection', (socket) => {
    socket.on('message', (data: Buffer) => {
      const { type } = JSON.parse(data.toString('utf8')) as { type: string };
      if (type === 'connection_init') socket.send('{"type":"connection_ack"}');
      if (type === 'ping') socket.send('{"type":"ping"}');
    });
  });
  const { port } = server.address() as AddressInfo;
  const lost = Promise.withResolvers<number>();
  const client = clientOf(`ws://127.0.0.1:${port}/graphql`, {
    keepAlive: 10,
    answerWithin: 300,
    onConnection: (change) => {
      if (change.state === 'LOST') lost.resolve(change.closeCode);
    },
  });
  void client.subscribe({ query: NUMBERS, variables: { after: '0' } }).next();
  expect(await lost.promise).toBe(4499);
});
