import { expect, it } from 'vitest';
import { audited, meantDepartures } from '../audits.ts';
import { fixtureGraph } from '../fixture/graph.ts';

const query = '{ store { name } customers { name orders { number customer { name } } } }';
const customer = (id: string) => ({ name: `Name ${id}`, orders: [{ number: 1, customer: { name: `Name ${id}` } }] });
const whole = { data: { store: { name: 'Demo' }, customers: ['cus_1', 'cus_2', 'cus_3'].map(customer) } };

const callers = 50;
const rounds = 4;

it('keeps to GraphQL over HTTP while fifty others ask without a pause, and answers them', async () => {
  await using closing = new AsyncDisposableStack();
  // As long as a busy machine may take.
  const graph = closing.adopt(await fixtureGraph('memory', { deadlineMs: 120_000 }), (running) => running.close());
  let over = false;
  closing.defer(() => void (over = true));
  const load = Promise.allSettled(
    Array.from({ length: callers }, async () => {
      let asked = 0;
      for (; !over; asked += 1) expect(await graph.ask(query)).toMatchObject({ status: 200, body: whole });
      return asked;
    }),
  );
  const audits = [];
  for (let round = 0; round < rounds; round += 1) audits.push(await audited(graph.gateway.url));
  over = true;
  const served = await load;
  expect(served.filter(({ status }) => status === 'rejected')).toEqual([]);
  expect(audits).toEqual(Array.from({ length: rounds }, () => ({ count: 61, departures: meantDepartures })));
  // Each was served between the audits.
  for (const each of served) expect(each.status === 'fulfilled' && each.value).toBeGreaterThan(rounds);
});
