import { expect, test } from 'vitest';
import { canBecome, customerStatuses, customerTransitions, displayName } from './customer.ts';

test('each status can be reached from the other, and none from itself', () => {
  const table = customerStatuses.map((from) => customerStatuses.map((to) => canBecome(from, to)));
  expect(table).toEqual([
    [false, true],
    [true, false],
  ]);
});

test('the transitions say what is possible, and why the rest is not', () => {
  expect(customerTransitions('ACTIVE')).toEqual([
    { name: 'ACTIVE', allowed: false, reason: 'ALREADY_IN_STATUS' },
    { name: 'DISABLED', allowed: true, reason: null },
  ]);
});

test('a customer is called by name, else by e-mail address, phone number or number', () => {
  const nobody = { number: 7, firstName: null, lastName: null };
  expect(displayName({ ...nobody, firstName: 'Anna', lastName: 'Li' }, 'a@b.gr', '+301')).toBe('Anna Li');
  expect(displayName({ ...nobody, lastName: 'Li' }, 'a@b.gr', null)).toBe('Li');
  expect(displayName(nobody, 'a@b.gr', '+301')).toBe('a@b.gr');
  expect(displayName(nobody, null, '+301')).toBe('+301');
  expect(displayName(nobody, null, null)).toBe('#7');
});
