import { GraphQLError, parse } from 'graphql';
import { expect, it } from 'vitest';
import { startEngine } from '../src/execution/engine.ts';
import { createEngine } from '../src/execution/in-place.ts';
import { startPlanning, type PlanningOptions } from '../src/execution/plan/planning.ts';
import { createThreads, type PlanningThread, type Threads } from '../src/execution/plan/threads.ts';
import { hostileGateway, send } from './hostile/gateway.ts';
import { hasTooManyWays, slowSupergraph, slowToPlan } from './hostile/slow.ts';

/** Threads have to be started: a machine that is busy with something else may take its time. */
const patient = { timeout: 120_000 };
const known = '{ topReviewed { id } }';
const tooComplex = { code: 'BAD_REQUEST', limit: 'plan' };

it('what takes too long to plan is refused, while whoever asks for something else is answered', patient, async () => {
  await using closing = new AsyncDisposableStack();
  const gateway = await hostileGateway({ supergraphSdl: slowSupergraph(), limits: { planningMs: 300 }, cost: undefined });
  closing.defer(() => gateway.close());
  const ask = async (query: string) => (await send(gateway.url, { what: '', body: { query }, expected: '' })).outcome;
  expect(await ask(known)).toBe('answered');

  let refused = false;
  // All of them wait for the one plan.
  const hostile = Promise.all([1, 2, 3].map(() => ask(slowToPlan('Slow')))).finally(() => {
    refused = true;
  });
  let answered = 0;
  while (!refused) {
    expect(await ask(known)).toBe('answered');
    answered += 1;
  }
  expect(await hostile).toEqual(Array.from({ length: 3 }, () => 'BAD_REQUEST plan'));
  expect(answered).toBeGreaterThan(5);
  expect(await gateway.plans()).toBe(2);

  expect(await ask(`${slowToPlan('Slow')} # again`)).toBe('BAD_REQUEST plan');
  expect(await ask(hasTooManyWays)).toBe('BAD_REQUEST plan');
  // In the next thread.
  expect(await ask('{ topReviewed { score } }')).toBe('answered');
  expect(await gateway.plans()).toBe(4);
});

it('a thread plans as this one does, says what it can not plan, and ends with the others', patient, async () => {
  const threads = createThreads();
  const options = { maxEvaluatedPlans: 100, call: () => Promise.reject(new Error('nobody there')) };
  const supergraphSdl = slowSupergraph();
  const [aside, here] = [await startEngine(supergraphSdl, { ...options, threads, withinMs: 10_000 }), createEngine(supergraphSdl, options)];
  const query = parse(
    'query Q($n: Int) { topReviewed { name ... on Shoe { size } reviews(first: $n) @skip(if: false) { text product { id } } } }',
  );
  expect((await aside.operation(query, 'Q')).plan).toEqual((await here.operation(query, 'Q')).plan);
  for (const refused of [hasTooManyWays, '{ topReviewed { __typename: id } }'])
    await expect(aside.operation(parse(refused), null)).rejects.toEqual(
      await here.operation(parse(refused), null).catch((error: unknown) => error),
    );
  await expect(startEngine('type Query {', { ...options, threads, withinMs: 10_000 })).rejects.toThrow(GraphQLError);

  // Another took over, and somebody asks for what the first has to plan after all.
  aside.retire();
  expect((await aside.operation(parse(known), null)).kind).toBe('query');
  const thread = threads.start({ supergraphSdl, maxEvaluatedPlans: 100 });
  await thread.ready;
  await threads.close();
  expect(thread.ended).toBe(true);
  await expect(thread.plan(known, 10_000)).rejects.toThrow('The planning thread has ended.');
  await expect(aside.operation(parse('{ topReviewed { score } }'), null)).rejects.toThrow('The planning thread has ended.');
});

/** Threads that plan when they are told to. */
function toldThreads() {
  const asked: PromiseWithResolvers<string>[] = [];
  const started: { ended: boolean }[] = [];
  const threads: Threads = {
    start: () => {
      const thread: { -readonly [Name in keyof PlanningThread]: PlanningThread[Name] } = {
        read: Promise.resolve({ api: '', whole: '', subgraphs: [] }),
        ready: Promise.resolve(),
        ended: false,
        plan: () => {
          const answer = Promise.withResolvers<string>();
          asked.push(answer);
          return answer.promise;
        },
        end: () => {
          thread.ended = true;
          return Promise.resolve();
        },
      };
      started.push(thread);
      return thread;
    },
    close: () => Promise.resolve(),
  };
  const options: PlanningOptions = { threads, withinMs: 1, supergraphSdl: '', maxEvaluatedPlans: 1 };
  return { asked, started, options };
}
const turn = () => new Promise((resolve) => setImmediate(resolve));

it('one is planned after the other, a thousand may wait, and the rest is asked to come back', async () => {
  const { asked, options } = toldThreads();
  const { plan } = await startPlanning(options);
  const waiting = Array.from({ length: 1_001 }, (_, index) => plan(String(index)));
  await turn();
  expect(asked).toHaveLength(1);
  await expect(plan('one more')).rejects.toMatchObject({ extensions: { code: 'RATE_LIMITED' } });
  for (let index = 0; index < 1_001; index += 1) {
    asked[index]?.resolve(`plan ${index}`);
    expect(await waiting[index]).toBe(`plan ${index}`);
    await turn();
  }
  expect(asked).toHaveLength(1_001);
});

it('whoever has waited for five that took too long is asked to come back', async () => {
  const { asked, started, options } = toldThreads();
  const { plan } = await startPlanning(options);
  const late = Array.from({ length: 5 }, () => plan('late'));
  const waiting = plan('waiting');
  for (let index = 0; index < 5; index += 1) {
    await turn();
    Object.assign(started[index] ?? {}, { ended: true });
    asked[index]?.reject(new GraphQLError('late', { extensions: tooComplex }));
    await expect(late[index]).rejects.toMatchObject({ extensions: tooComplex });
  }
  await expect(waiting).rejects.toMatchObject({ extensions: { code: 'RATE_LIMITED' } });
  expect(asked).toHaveLength(5);
});

it('a thread that has ended is replaced at once, and one that is not needed any more ends when nobody waits', async () => {
  const { asked, started, options } = toldThreads();
  const { plan, retire } = await startPlanning(options);
  const late = plan('late');
  await turn();
  Object.assign(started[0] ?? {}, { ended: true });
  asked[0]?.reject(new GraphQLError('late', { extensions: tooComplex }));
  await expect(late).rejects.toMatchObject({ extensions: tooComplex });
  await turn();
  expect(started.map(({ ended }) => ended)).toEqual([true, false]);

  const last = plan('last');
  retire();
  await turn();
  expect(started[1]?.ended).toBe(false);
  asked[1]?.resolve('plan');
  await last;
  await turn();
  expect(started.map(({ ended }) => ended)).toEqual([true, true]);
});
