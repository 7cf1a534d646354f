import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hostileGateway, send, type HostileGateway } from './hostile/gateway.ts';
import { hostileOperations } from './hostile/operations.ts';

let gateway: HostileGateway;
beforeAll(async () => {
  gateway = await hostileGateway();
});
afterAll(() => gateway.close());

describe('what is meant to cost the gateway much is refused unplanned, with a code, or answered:', () => {
  it.each(hostileOperations)('$what', async (hostile) => {
    const [plans, fetches] = [await gateway.plans(), gateway.fetches()];
    const { status, outcome, text } = await send(gateway.url, hostile);
    expect(outcome).toBe(hostile.expected);
    if (outcome === 'answered') return expect(await gateway.plans()).toBeLessThanOrEqual(plans + 1);
    if (!hostile.planned) expect(await gateway.plans()).toBe(plans);
    expect(gateway.fetches()).toBe(fetches);
    expect(status).toBeLessThan(500);
    return expect(text.length).toBeLessThan(50_000);
  });
});
