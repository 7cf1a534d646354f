import { expect, it } from 'vitest';
import { createPace } from './pace.ts';

it('lets a burst pass, then as many as there are seconds for, and never more than a burst at once', () => {
  let now = 1_000;
  const pace = createPace({ burst: 3, perSecond: 2 }, () => now);
  const passed = (tries: number) => Array.from({ length: tries }, () => pace.keep()).filter(Boolean).length;
  expect(passed(5)).toBe(3);
  now += 499;
  expect(passed(1)).toBe(0);
  now += 1;
  expect(passed(2)).toBe(1);
  now += 1_000;
  expect(passed(5)).toBe(2);
  now += 3_600_000;
  expect(passed(5)).toBe(3);
});
