import { expect, it, onTestFinished, vi } from 'vitest';
import { createCredential, expiryOf, type TokenOptions } from './token.ts';

const jwt = (claims: unknown) => `e30.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.c2ln`;

/** A connection that has been let in, at second 1,000, and what is sent on it. */
async function connected(token: NonNullable<TokenOptions['token']>, refreshBefore = 60_000) {
  vi.useFakeTimers({ now: 1_000_000 });
  onTestFinished(() => void vi.useRealTimers());
  const credential = createCredential({ token, refreshBefore });
  await credential.ask();
  const sent: unknown[] = [];
  credential.accepted((payload) => sent.push([Date.now() / 1_000, payload]));
  onTestFinished(() => credential.stop());
  return { credential, sent };
}

it('reads when a JWT expires', () => {
  expect(expiryOf(jwt({ exp: 1_700_000_000, name: '¿ñ?' }))).toBe(1_700_000_000_000);
  expect(['', 'sk_live', 'a.b.c', jwt(null), jwt({}), jwt({ exp: 'soon' })].map(expiryOf)).toEqual(
    Array.from({ length: 6 }, () => undefined),
  );
});

it('sends the next token a minute before each expires', async () => {
  const tokens = [1_300, 1_600, 1_900].map((exp) => jwt({ exp }));
  const [first, second, third] = tokens;
  const { credential, sent } = await connected(() => Promise.resolve(tokens.shift()));
  expect(credential.params()).toEqual({ authorization: `Bearer ${first}` });
  await vi.advanceTimersByTimeAsync(700_000);
  expect(sent).toEqual([
    [1_240, { authorization: `Bearer ${second}` }],
    [1_540, { authorization: `Bearer ${third}` }],
  ]);
});

it('asks in the middle of a short life, again and again while there is no other token, and sends none twice', async () => {
  const [old, fresh] = [jwt({ exp: 1_032 }), jwt({ exp: 9_000 })];
  const asked: number[] = [];
  const { sent } = await connected(() => {
    asked.push(Date.now() / 1_000 - 1_000);
    if (asked.length === 3) throw new Error('No network');
    return asked.length < 5 ? old : fresh;
  });
  await vi.advanceTimersByTimeAsync(100_000);
  expect(asked).toEqual([0, 16, 24, 28, 30]);
  expect(sent).toEqual([[1_030, { authorization: `Bearer ${fresh}` }]]);
});

it('sends nothing when the connection is gone, or the token does not say when it expires, or has expired by this clock', async () => {
  const late = Promise.withResolvers<string>();
  const tokens = [jwt({ exp: 1_300 }), late.promise];
  const { credential, sent } = await connected(() => tokens.shift());
  await vi.advanceTimersByTimeAsync(250_000);
  expect(tokens).toEqual([]);
  credential.stop();
  late.resolve(jwt({ exp: 2_000 }));
  await vi.advanceTimersByTimeAsync(9_000_000);
  for (const token of ['sk_live', jwt({ exp: 900 }), null]) {
    const other = await connected(() => token);
    await vi.advanceTimersByTimeAsync(9_000_000);
    expect(other.sent).toEqual([]);
    expect(vi.getTimerCount()).toBe(0);
  }
  expect(sent).toEqual([]);
});

it('can wait for a life that is longer than a timer', async () => {
  const tokens = [jwt({ exp: 1e10 }), jwt({ exp: 2e10 })];
  const { sent } = await connected(() => tokens.shift());
  await vi.advanceTimersByTimeAsync(3_600_000);
  expect(sent).toEqual([]);
});
