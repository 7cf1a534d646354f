import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { send } from './hostile/gateway.ts';
import { hostileOperations } from './hostile/operations.ts';

/** CPU of the gateway's process, for reading, refusing or answering one request. */
const mostMs = 50;

let gateway: ChildProcess;
let url: string;

const said = async <T>(): Promise<T> => (await once(gateway, 'message'))[0] as T;

async function usedMs(): Promise<number> {
  gateway.send('how much?');
  return said<number>();
}

beforeAll(async () => {
  gateway = fork(new URL('./hostile/measured.ts', import.meta.url));
  url = await said<string>();
  // What is read for the first time is compiled by the engine meanwhile: that is the program's cost and no request's.
  for (const hostile of hostileOperations) await send(url, hostile, 'first');
}, 120_000);
afterAll(() => gateway.disconnect());

describe('the gateway spends little on what is meant to cost it much:', () => {
  it.each(hostileOperations)('$what', async (hostile) => {
    const spent: number[] = [];
    for (let turn = 0; turn < 7; turn += 1) {
      const before = await usedMs();
      await send(url, hostile, `turn ${turn}`);
      spent.push((await usedMs()) - before);
    }
    const median = spent.toSorted((one, other) => one - other)[3];
    expect(median).toBeLessThan(mostMs);
  });
});
