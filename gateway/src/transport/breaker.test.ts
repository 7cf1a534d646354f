import { expect, it } from 'vitest';
import { createBreaker } from './breaker.ts';

function breaker() {
  let at = 0;
  const made = createBreaker({ failures: 3, openMs: 100, longestOpenMs: 400, now: () => at });
  return {
    ...made,
    pass: (milliseconds: number) => (at += milliseconds),
    call: (reached: boolean | null) => {
      const report = made.enter();
      report?.(reached);
      return report !== null;
    },
  };
}

it('opens after so many failures in a row, and not for those with an answer between them', () => {
  const { call, state } = breaker();
  for (const reached of [false, false, true, false, null, false]) expect(call(reached)).toBe(true);
  expect(state()).toBe('closed');
  expect(call(false)).toBe(true);
  expect(state()).toBe('open');
  expect(call(true)).toBe(false);
});

it('lets one call through after a while, and the others when that is answered', () => {
  const { call, enter, pass, state } = breaker();
  for (let n = 0; n < 3; n += 1) call(false);
  pass(99);
  expect(enter()).toBeNull();
  pass(1);
  expect(state()).toBe('half-open');
  const probe = enter();
  expect([probe === null, enter()]).toEqual([false, null]);
  probe?.(true);
  expect(state()).toBe('closed');
  expect([call(true), call(true)]).toEqual([true, true]);
});

it('stays open twice as long after each probe that fails, up to a bound, and begins anew once it was closed', () => {
  const { call, pass, state } = breaker();
  for (let n = 0; n < 3; n += 1) call(false);
  for (const milliseconds of [100, 200, 400, 400]) {
    pass(milliseconds - 1);
    expect([state(), call(false)]).toEqual(['open', false]);
    pass(1);
    expect([state(), call(false)]).toEqual(['half-open', true]);
  }
  pass(400);
  call(true);
  for (let n = 0; n < 3; n += 1) call(false);
  pass(100);
  expect(state()).toBe('half-open');
});

it('takes a probe that was given up for no answer, and lets the next one through', () => {
  const { call, enter, pass, state } = breaker();
  for (let n = 0; n < 3; n += 1) call(false);
  pass(100);
  enter()?.(null);
  expect(state()).toBe('half-open');
  expect(call(true)).toBe(true);
  expect(state()).toBe('closed');
});

it('does not count what was sent before it opened', () => {
  const { call, enter, pass, state } = breaker();
  const early = [enter(), enter()];
  for (let n = 0; n < 3; n += 1) call(false);
  for (const report of early) report?.(false);
  pass(100);
  expect(state()).toBe('half-open');
  call(true);
  expect(state()).toBe('closed');
});
