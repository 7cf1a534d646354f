import { createSealer, deriveSecrets, retiredKeyMs, system } from '@storegraph/auth';
import { silentLogger } from '@storegraph/core';
import { createRuntime } from '@storegraph/subgraph';
import { deploymentSecret } from '@storegraph/testing';
import { afterAll, describe, expect, it } from 'vitest';
import { accounts } from '../src/index.ts';
import { rotateSigningKeys } from '../src/session/signing-keys.ts';
import { credentialsHarness } from './credentials.ts';
import { present } from './support.ts';

const { admin, clock, exchange, logIn, person, pool, runtime } = await credentialsHarness();
const { sealingKey } = deriveSecrets(deploymentSecret);
const sealer = createSealer({ keys: [sealingKey] });
/** Another process of the same deployment. */
const other = createRuntime(accounts, { pool, clock, log: silentLogger, sealer });
afterAll(() => other.close());

const hour = 60 * 60_000;
const day = 24 * hour;
const rotate = async (how: { asked?: boolean; compromised?: boolean } = {}) => {
  const db = pool.session({ domain: 'accounts', identity: system(null), correlationId: 'test', origin: 'LIVE' });
  try {
    return await rotateSigningKeys(db, { sealer, now: clock.now(), ...how });
  } finally {
    await db.end();
  }
};
const kids = async () => (await admin<{ n: number }>('select count(*)::int as n from accounts.signing_keys'))[0]?.n;
const kidOf = (token: string): unknown =>
  (JSON.parse(Buffer.from(present(token.split('.')[0]), 'base64url').toString()) as { kid: string }).kid;
const published = async (of = runtime) => {
  const answer = await of.handlePublic(new Request('http://localhost/public/jwks.json'), { requestId: 'test', ip: null });
  return ((await answer.json()) as { keys: { kid: string }[] }).keys.map(({ kid }) => kid);
};
const inOther = (token: string) => other.exchange?.({ kind: 'TOKEN', token });

describe('signing keys', () => {
  it('are published an hour before they sign, in every process, and tokens of before stay good', async () => {
    const { tokens } = await person('before@keys.test');
    expect(await rotate()).toEqual({ made: 0, removed: 0 });
    const made = await Promise.all(Array.from({ length: 8 }, () => rotate({ asked: true })));
    expect(made.reduce((sum, each) => sum + each.made, 0)).toBe(1);
    clock.advance(60_000);
    expect([await published(), await published(other)].map((list) => list.length)).toEqual([2, 2]);
    const still = await logIn('before@keys.test');
    expect(kidOf(still.accessToken)).toBe(kidOf(tokens.accessToken));
    clock.advance(hour - 60_000 - 1);
    const last = await logIn('before@keys.test');
    expect(kidOf(last.accessToken)).toBe(kidOf(tokens.accessToken));
    clock.advance(1);
    const next = await logIn('before@keys.test');
    expect(kidOf(next.accessToken)).not.toBe(kidOf(tokens.accessToken));
    for (const { accessToken, id } of [last, next]) {
      expect(await exchange(accessToken)).toMatchObject({ sessionId: id });
      expect(await inOther(accessToken)).toMatchObject({ sessionId: id });
    }
    clock.advance(retiredKeyMs + 1);
    expect(await rotate()).toEqual({ made: 0, removed: 1 });
    expect([await kids(), await published()]).toEqual([1, [kidOf(next.accessToken)]]);
  });

  it('change by themselves after thirty days', async () => {
    clock.advance(30 * day - 3 * hour);
    expect(await rotate()).toEqual({ made: 0, removed: 0 });
    clock.advance(2 * hour);
    expect(await rotate()).toEqual({ made: 1, removed: 0 });
    expect(await rotate()).toEqual({ made: 0, removed: 0 });
  });

  it('that were stolen are gone at once, with every token of theirs, within a minute in every process', async () => {
    clock.advance(3 * hour);
    const stolen = await person('stolen@keys.test');
    expect(await inOther(stolen.tokens.accessToken)).not.toBeNull();
    expect((await rotate({ compromised: true })).made).toBe(1);
    clock.advance(60_000);
    expect([await exchange(stolen.tokens.accessToken), await inOther(stolen.tokens.accessToken)]).toEqual([null, null]);
    const { accessToken } = await logIn('stolen@keys.test');
    expect(await inOther(accessToken)).not.toBeNull();
    expect([await kids(), (await published(other)).length]).toEqual([1, 1]);
  });
});
