import { movableClock } from '@storegraph/core';
import { expect, it } from 'vitest';
import { openShop, password } from './shop.ts';

const clock = movableClock(new Date());
const { codes, from, shopper } = await openShop({ clock });

it('of 10,000 guesses at an account, one a second and from fifty addresses in turn, few are looked at, and its owner gets in', async () => {
  const { email } = await shopper();
  const home = from('192.0.2.1');
  expect(await codes('customerSessionCreate', { email, password }, home)).toEqual([]);
  const looks = { INVALID_CREDENTIALS: 0, TOO_MANY_ATTEMPTS: 0 };
  for (let at = 0; at < 10_000; at += 1) {
    clock.advance(1000);
    const [code] = await codes('customerSessionCreate', { email, password: `guess ${at}` }, from(`198.51.100.${at % 50}`));
    looks[code as keyof typeof looks] += 1;
  }
  // In each of three hours a hundred are free, and then the wait doubles up to a quarter of an hour.
  expect(looks.INVALID_CREDENTIALS).toBeGreaterThan(200);
  expect(looks.INVALID_CREDENTIALS).toBeLessThan(400);
  expect(looks.INVALID_CREDENTIALS + looks.TOO_MANY_ATTEMPTS).toBe(10_000);
  expect(await codes('customerSessionCreate', { email, password }, home)).toEqual([]);
});
