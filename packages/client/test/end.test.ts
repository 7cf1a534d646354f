import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { startProxy } from '@storegraph/testing/proxy';
import { expect, it, onTestFinished } from 'vitest';
import { NUMBERS, type NumbersData } from './numbers.ts';
import { clientOf, numbersServer, take } from './stream.ts';

const fromStart = { query: NUMBERS, variables: { after: '0' } };
const over = { done: true, value: undefined };

it('ends the subscription and closes the connection when the loop is left', async () => {
  const numbers = await numbersServer();
  numbers.publish(1);
  for await (const { cursor } of clientOf(numbers.url).subscribe(fromStart)) {
    expect(cursor).toBe('1');
    break;
  }
  await numbers.closed();
  await numbers.ended(1);
});

it('begins anew at once for what comes while the connection is being closed', async () => {
  const numbers = await numbersServer();
  numbers.publish(1);
  const changes: string[] = [];
  const client = clientOf(numbers.url, { retryAttempts: 0, onConnection: ({ state }) => changes.push(state) });
  const left = client.subscribe<NumbersData>(fromStart);
  expect(await take(left, 1)).toEqual([1]);
  await left.return();
  const next = take(client.subscribe<NumbersData>({ query: NUMBERS }), 1);
  const asked = client.mutate({ query: 'mutation { increment }' });
  await numbers.subscribed(2);
  numbers.publish(2);
  expect(await next).toEqual([2]);
  expect(await asked).toEqual({ data: { increment: 1 } });
  expect(changes).toEqual(['CONNECTED', 'CONNECTED']);
});

it('ends one stream with its signal, and leaves the others', async () => {
  const numbers = await numbersServer();
  numbers.publish(1);
  const client = clientOf(numbers.url);
  const controller = new AbortController();
  const ended = client.subscribe<NumbersData>({ ...fromStart, signal: controller.signal });
  const other = client.subscribe<NumbersData>(fromStart);
  expect(await Promise.all([take(ended, 1), take(other, 1)])).toEqual([[1], [1]]);
  const waiting = ended.next();
  controller.abort();
  expect(await waiting).toEqual(over);
  numbers.publish(2);
  expect(await take(other, 1)).toEqual([2]);
  await numbers.ended(1);
  expect(await ended.next()).toEqual(over);
});

it('ends everything with the signal of the client', async () => {
  const numbers = await numbersServer();
  numbers.publish(1);
  const controller = new AbortController();
  const client = clientOf(numbers.url, { signal: controller.signal });
  const [one, two] = [client.subscribe<NumbersData>(fromStart), client.subscribe<NumbersData>(fromStart)];
  await Promise.all([take(one, 1), take(two, 1)]);
  const waiting = [one.next(), two.next()];
  controller.abort();
  expect(await Promise.all(waiting)).toEqual([over, over]);
  await numbers.closed();
  expect(() => client.subscribe(fromStart)).toThrow('The client has been disposed.');
});

it('ends when the server ends the feed', async () => {
  const numbers = await numbersServer();
  numbers.publish(9);
  numbers.misbehave({ behind: 2, with: 'COMPLETE' });
  const feed = clientOf(numbers.url).subscribe<NumbersData>(fromStart);
  expect(await take(feed, 2)).toEqual([1, 2]);
  expect(await feed.next()).toEqual(over);
  await numbers.closed();
});

it('asks queries and mutations on the same connection', async () => {
  const numbers = await numbersServer();
  numbers.publish(1);
  const client = clientOf(numbers.url);
  expect(await take(client.subscribe<NumbersData>(fromStart), 1)).toEqual([1]);
  const answers = await Promise.all([
    client.query({ query: 'query ($number: Int!) { double(number: $number) }', variables: { number: 21 } }),
    client.mutate({ query: 'mutation { increment }' }),
  ]);
  expect(answers).toEqual([{ data: { double: 42 } }, { data: { increment: 1 } }]);
  await expect(client.query({ query: '{ triple }' })).rejects.toMatchObject({ code: 'OPERATION_REFUSED' });
  expect(numbers.connections).toBe(1);
});

it('does not send a mutation twice', async () => {
  const numbers = await numbersServer();
  numbers.receive(1013);
  const client = clientOf(numbers.url);
  await expect(client.mutate({ query: 'mutation { increment }' })).rejects.toMatchObject({ code: 'CONNECTION_LOST', closeCode: 1013 });
  expect(numbers.connections).toBe(1);
  expect(await client.mutate({ query: 'mutation { increment }' })).toEqual({ data: { increment: 1 } });
});

it('lets the process exit when it is disposed, whatever it was doing', async () => {
  const numbers = await numbersServer();
  numbers.publish(1);
  numbers.receive('LET_IN', 1013);
  const proxy = await startProxy({ target: numbers });
  onTestFinished(() => proxy.close());
  proxy.halfOpen();
  const script = `
    import { createClient } from ${JSON.stringify(new URL('../src/index.ts', import.meta.url).href)};
    const operation = ${JSON.stringify(fromStart)};
    const options = { backoff: { first: 1e6, most: 1e6, random: () => 1 } };

    const connected = createClient({ ...options, url: '${numbers.url}' });
    for await (const event of connected.subscribe(operation)) connected.dispose();
    console.log('connected');

    const onConnection = ({ state }) => state === 'LOST' && waiting.dispose();
    const waiting = createClient({ ...options, url: '${numbers.url}', onConnection });
    for await (const event of waiting.subscribe(operation));
    console.log('waiting to connect again');

    const token = () => void setImmediate(() => unheard.dispose());
    const unheard = createClient({ ...options, url: 'ws://${proxy.host}:${proxy.port}/graphql', token });
    for await (const event of unheard.subscribe(operation));
    console.log('unheard');`;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script]);
  expect(stdout.trim().split('\n')).toEqual(['connected', 'waiting to connect again', 'unheard']);
});
