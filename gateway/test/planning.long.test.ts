import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { hostileGateway, send } from './hostile/gateway.ts';
import { crowd } from './hostile/load.ts';
import { slowSupergraph, slowToPlan } from './hostile/slow.ts';

it('operations that take too long to plan are each refused, one after the other, and what is known is answered all the while', async () => {
  await using closing = new AsyncDisposableStack();
  const gateway = await hostileGateway({ supergraphSdl: slowSupergraph(), limits: { planningMs: 500 }, cost: undefined });
  closing.defer(() => gateway.close());
  const ask = (query: string) => send(gateway.url, { what: '', body: { query }, expected: '' });
  const clients = await crowd(gateway.url, 4, '{ topReviewed { id } }');
  closing.defer(() => clients.close());

  for (let turn = 0; turn < 5; turn += 1) {
    let refused = false;
    const hostile = ask(slowToPlan(`Slow${turn}`)).finally(() => {
      refused = true;
    });
    let answered = 0;
    while (!refused) answered += (await clients.during(20)).length;
    expect((await hostile).outcome).toBe('BAD_REQUEST plan');
    expect(answered).toBeGreaterThan(20);
    expect((await ask(`query New${turn} { topReviewed { id } }`)).outcome).toBe('answered');
  }
});

it('a planning thread keeps no process alive', async () => {
  const file = fileURLToPath(new URL('./hostile/planning-only.ts', import.meta.url));
  expect((await promisify(execFile)(process.execPath, [file], { timeout: 60_000 })).stdout).toBe('planned\n');
});
