import { describe, expect, it } from 'vitest';
import { allowedFrom, attemptAllowedFrom, networkOf, type AttemptCounts } from './attempt-limit.ts';

const lastAt = new Date('2026-11-20T12:00:00.000Z');
const counted = (count: number) => ({ count, lastAt: count === 0 ? null : lastAt });
const wait = (from: Date) => Math.max(0, from.getTime() - lastAt.getTime());

describe('the wait after attempts', () => {
  it('is nothing for the free ones, then 1, 2, 4 … seconds, at most a quarter of an hour', () => {
    expect([0, 1, 4, 5, 6, 7, 14, 15, 16, 1000].map((count) => wait(allowedFrom(5, counted(count))))).toEqual([
      0, 0, 0, 1000, 2000, 4000, 512_000, 900_000, 900_000, 900_000,
    ]);
  });

  it('lets the first attempt pass', () => {
    expect(allowedFrom(5, { count: 0, lastAt: null })).toEqual(new Date(0));
  });
});

describe('an attempt', () => {
  const limit = { subjectFromAddress: 5, subject: 100, address: 50 };
  const none: AttemptCounts = { subjectFromAddress: counted(0), subject: counted(0), address: counted(0), knownAddress: false };
  const waits = (counts: Partial<AttemptCounts>) => wait(attemptAllowedFrom(limit, { ...none, ...counts }));

  it('waits for the longest of what limits it', () => {
    expect(waits({})).toBe(0);
    expect(waits({ subjectFromAddress: counted(5) })).toBe(1000);
    expect(waits({ subject: counted(101) })).toBe(2000);
    expect(waits({ subject: counted(101), address: counted(52), subjectFromAddress: counted(5) })).toBe(4000);
  });

  it('from an address that is known waits for its own failures alone', () => {
    expect(waits({ subject: counted(1000), knownAddress: true })).toBe(0);
    expect(waits({ subject: counted(1000), subjectFromAddress: counted(6), knownAddress: true })).toBe(2000);
    expect(waits({ address: counted(50), knownAddress: true })).toBe(1000);
  });

  it('is not limited by what has no limit, or has no address', () => {
    expect(wait(attemptAllowedFrom({}, { ...none, subject: counted(1000), address: counted(1000) }))).toBe(0);
    expect(waits({ address: null })).toBe(0);
  });
});

it.each([
  ['192.0.2.7', '192.0.2.7'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['2001:DB8:1:2::', '2001:db8:1:2::/64'],
  ['2001:db8::9', '2001:db8:0:0::/64'],
  ['::1', '0:0:0:0::/64'],
  ['fe80::1%eth0', 'fe80:0:0:0::/64'],
  ['::ffff:192.0.2.7', '192.0.2.7'],
  ['nonsense', null],
  [null, null],
])('counts %s as %s', (ip, network) => {
  expect(networkOf(ip)).toBe(network);
});
