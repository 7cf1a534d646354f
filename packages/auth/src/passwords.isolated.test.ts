import { verify } from '@node-rs/argon2';
import { describe, expect, it, vi } from 'vitest';
import { hashPassword, maxPasswordLength, PasswordsBusy, verifyPassword } from './passwords.ts';

vi.mock('@node-rs/argon2', async (original) => {
  const real = await original<{ verify: typeof verify }>();
  return { ...real, verify: vi.fn(real.verify) };
});

describe('a password', () => {
  it('fits its own hash alone, which is argon2id at the agreed cost and never the same twice', async () => {
    const hash = await hashPassword('storegraph-demo');
    expect(hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(await verifyPassword(hash, 'storegraph-demo')).toBe(true);
    expect(await verifyPassword(hash, 'storegraph-demO')).toBe(false);
    expect(await verifyPassword(hash, '')).toBe(false);
    expect(await hashPassword('storegraph-demo')).not.toBe(hash);
  });

  it('is the same however its letters were composed', async () => {
    expect(await verifyPassword(await hashPassword('caf\u00e9'), 'cafe\u0301')).toBe(true);
  });

  it('is never hashed when empty or too long', async () => {
    const longest = 'x'.repeat(maxPasswordLength);
    const hash = await hashPassword(longest);
    expect(await verifyPassword(hash, longest)).toBe(true);
    expect(await verifyPassword(hash, `${longest}x`)).toBe(false);
    await expect(Promise.resolve().then(() => hashPassword(`${longest}x`))).rejects.toThrow(RangeError);
    await expect(Promise.resolve().then(() => hashPassword(''))).rejects.toThrow(RangeError);
  });

  it('of an unknown user is false, after the same one computation as that of a known one', async () => {
    const stored = await hashPassword('right');
    vi.mocked(verify).mockClear();
    expect([await verifyPassword(stored, 'wrong'), await verifyPassword(null, 'wrong')]).toEqual([false, false]);
    const costs = vi.mocked(verify).mock.calls.map(([hash]) => String(hash).split('$').slice(1, 4));
    expect(costs).toEqual([
      ['argon2id', 'v=19', 'm=19456,t=2,p=1'],
      ['argon2id', 'v=19', 'm=19456,t=2,p=1'],
    ]);
  });

  it('is not even queued when hundreds wait already', async () => {
    const answers = await Promise.allSettled(Array.from({ length: 210 }, () => verifyPassword(null, 'flood')));
    const refused = answers.filter((answer) => answer.status === 'rejected');
    expect(refused).toHaveLength(210 - 202);
    expect(refused.every(({ reason }) => reason instanceof PasswordsBusy)).toBe(true);
    expect(await verifyPassword(null, 'after')).toBe(false);
  });

  it('is checked at once while a flood of new ones waits, of which only a few are even queued', async () => {
    const done: string[] = [];
    const flood = Promise.allSettled(Array.from({ length: 60 }, () => hashPassword('a flood').then(() => done.push('new'))));
    await verifyPassword(null, 'one').then(() => done.push('checked'));
    expect(done.filter((kind) => kind === 'new').length).toBeLessThanOrEqual(3);
    const refused = (await flood).filter((answer) => answer.status === 'rejected');
    expect(refused).toHaveLength(60 - 51);
    expect(refused.every(({ reason }) => reason instanceof PasswordsBusy)).toBe(true);
  });

  it('is not checked any more for a caller who left the queue, and the others go on', async () => {
    const left = new AbortController();
    const running = [verifyPassword(null, 'a'), verifyPassword(null, 'b')];
    const gone = Promise.allSettled(Array.from({ length: 200 }, () => verifyPassword(null, 'c', { signal: left.signal })));
    await expect(verifyPassword(null, 'no room')).rejects.toThrow(PasswordsBusy);
    left.abort();
    expect(await gone).toEqual(
      Array.from({ length: 200 }, () => ({ status: 'rejected', reason: expect.objectContaining({ name: 'AbortError' }) })),
    );
    await expect(verifyPassword(null, 'd', { signal: left.signal })).rejects.toThrow('aborted');
    expect(await Promise.all([...running, verifyPassword(null, 'e')])).toEqual([false, false, false]);
  });
});
