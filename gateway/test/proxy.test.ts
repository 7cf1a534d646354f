import { request } from 'node:http';
import { networkInterfaces } from 'node:os';
import { afterEach, describe, expect, it } from 'vitest';
import { fixtureGraph, type FixtureGraph } from './fixture/graph.ts';

let graph: FixtureGraph;
afterEach(() => graph.close());

const addressSeen = async (forwardedFor: string) => {
  await graph.ask('{ viewer { kind } }', { headers: { 'x-forwarded-for': forwardedFor } });
  return graph.accounts.seen.at(-1)?.ip;
};

describe('the address of a client', () => {
  it('is that of the connection, whatever a header says, unless a proxy is trusted', async () => {
    graph = await fixtureGraph('memory');
    expect(await addressSeen('203.0.113.9')).toBe('127.0.0.1');
  });

  it('is the one that the trusted proxy saw, and not what the client wrote before', async () => {
    graph = await fixtureGraph('memory', { trustProxy: 1 });
    expect(await addressSeen('198.51.100.1, 203.0.113.9')).toBe('203.0.113.9');
    await graph.close();
    graph = await fixtureGraph('memory', { trustProxy: ['127.0.0.0/8', '10.0.0.0/8'] });
    expect(await addressSeen('198.51.100.1, 203.0.113.9, 10.1.2.3')).toBe('203.0.113.9');
    await graph.close();
    graph = await fixtureGraph('memory', { trustProxy: ['10.0.0.0/8'] });
    expect(await addressSeen('203.0.113.9')).toBe('127.0.0.1');
  });
});

describe('/metrics', () => {
  const metricsToken = 'a token of some length';
  const status = async (headers: Record<string, string> = {}) => (await fetch(`${graph.gateway.url}/metrics`, { headers })).status;

  it('answers this machine, and through a proxy on it only who brings the token', async () => {
    graph = await fixtureGraph('memory', { metricsToken, trustProxy: 1 });
    const forwarded = { 'x-forwarded-for': '203.0.113.9' };
    expect(await status()).toBe(200);
    expect(await status(forwarded)).toBe(403);
    expect(await status({ forwarded: 'for=203.0.113.9' })).toBe(403);
    expect(await status({ ...forwarded, authorization: 'Bearer a token of another length' })).toBe(403);
    expect(await status({ ...forwarded, authorization: `Bearer ${metricsToken}` })).toBe(200);
  });

  it('has no token unless one is set', async () => {
    graph = await fixtureGraph('memory');
    expect(await status({ 'x-forwarded-for': '203.0.113.9', authorization: 'Bearer ' })).toBe(403);
    expect(await status({ 'x-forwarded-for': '203.0.113.9', authorization: 'Bearer undefined' })).toBe(403);
  });

  it('refuses another machine', async () => {
    const outside = Object.values(networkInterfaces())
      .flatMap((list) => list ?? [])
      .find(({ family, internal }) => family === 'IPv4' && !internal)?.address;
    if (outside === undefined) return;
    graph = await fixtureGraph('memory', { host: '0.0.0.0' });
    const seen = await new Promise((resolve, reject) => {
      request({ host: outside, port: graph.gateway.port, path: '/metrics', localAddress: outside }, (answer) => resolve(answer.statusCode))
        .on('error', reject)
        .end();
    });
    expect(seen).toBe(403);
  });
});
