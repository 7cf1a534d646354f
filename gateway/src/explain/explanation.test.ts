import type { QueryPlan } from '@apollo/query-planner';
import { anonymous } from '@storegraph/auth';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { FetchAnswer } from '../execution/contract.ts';
import { createFetches } from '../execution/fetches/fetches.ts';
import { createExplanation } from './explanation.ts';

beforeEach(() => void vi.useFakeTimers({ toFake: ['performance'] }));
afterEach(() => void vi.useRealTimers());

const plan: QueryPlan = { kind: 'QueryPlan' };
const shape = { fits: () => true };
const reviews = {
  subgraph: 'reviews',
  query: 'query ($representations: [_Any!]!) { _entities(representations: $representations) { ... on Product { rating } } }',
  operationName: undefined,
  path: ['products', '@'],
  shape,
  sameness: 'reviews rating',
  repeated: false,
};
const caller = { identity: anonymous(), requestId: 'r', ip: null, userAgent: null, traceparent: null };

it('tells when each fetch was begun and how long it took, which of equal ones was sent, and the steps before, rounded to a hundredth', async () => {
  const landing = Promise.withResolvers<FetchAnswer>();
  const call = vi.fn(() => landing.promise);
  const fetches = createFetches(call);
  const [first, second] = [createExplanation(), createExplanation()];

  const parsed = first.begin('parsing');
  vi.advanceTimersByTime(2);
  parsed();
  first.planned(plan);
  second.planned(plan);
  const watched = (explanation: typeof first) =>
    fetches('query', { variables: {}, caller, watch: explanation.watch })(reviews, '{"representations":[1,2,3]}', 3);
  const answers = [watched(first)];
  vi.advanceTimersByTime(5);
  answers.push(watched(second));
  vi.advanceTimersByTime(20);
  landing.resolve({ data: { _entities: ['ä', null, null] }, errors: [{ message: 'no' }] });
  await Promise.all(answers);
  vi.advanceTimersByTime(1.239);

  expect(call).toHaveBeenCalledOnce();
  const told = {
    subgraph: 'reviews',
    path: 'products.@',
    document: reviews.query,
    representations: 3,
    bytes: Buffer.byteLength('{"_entities":["ä",null,null]}'),
    errors: 1,
  };
  expect(first.report()).toEqual({
    totalMs: 28.24,
    parsingMs: 2,
    validationMs: null,
    planningMs: null,
    plan: 'QueryPlan {}',
    fetches: [{ ...told, startedMs: 2, durationMs: 25, shared: false }],
  });
  expect(second.report()?.fetches).toEqual([{ ...told, startedMs: 7, durationMs: 20, shared: true }]);
});

it('has nothing to tell of what was not planned, and says what was not answered', () => {
  const explanation = createExplanation();
  expect(explanation.report()).toBeUndefined();
  explanation.planned(plan);
  void createFetches(() => new Promise(() => undefined))('mutation', { variables: {}, caller, watch: explanation.watch })(
    { ...reviews, path: [] },
    '{}',
    undefined,
  );
  expect(explanation.report()?.fetches).toMatchObject([
    { path: '', representations: null, durationMs: null, bytes: null, shared: false, errors: 0 },
  ]);
});
