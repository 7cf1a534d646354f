import { QueryPlanner } from '@apollo/query-planner';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { hostileGateway, send, type HostileGateway } from './hostile/gateway.ts';
import { hostileOperations } from './hostile/operations.ts';

let gateway: HostileGateway;
const plan = vi.spyOn(QueryPlanner.prototype, 'buildQueryPlan');
beforeAll(async () => {
  gateway = await hostileGateway();
});
afterAll(async () => {
  plan.mockRestore();
  await gateway.close();
});

describe('what is meant to cost the gateway much is refused unplanned, with a code, or answered:', () => {
  it.each(hostileOperations)('$what', async (hostile) => {
    const [plans, fetches] = [plan.mock.calls.length, gateway.fetches()];
    const { status, outcome, text } = await send(gateway.url, hostile);
    expect(outcome).toBe(hostile.expected);
    if (outcome === 'answered') return expect(plan.mock.calls.length).toBeLessThanOrEqual(plans + 1);
    if (!hostile.planned) expect(plan.mock.calls.length).toBe(plans);
    expect(gateway.fetches()).toBe(fetches);
    expect(status).toBeLessThan(500);
    return expect(text.length).toBeLessThan(50_000);
  });
});
