import { expect, it } from 'vitest';
import { cartStatuses, closedReason, statusOf } from './cart.ts';

const [past, now, later] = [new Date('2026-01-01'), new Date('2026-01-02'), new Date('2026-01-03')];
const fresh = { abandonedAt: null, recoveredAt: null, convertedAt: null, expiresAt: later };
const abandoned = { ...fresh, abandonedAt: past };
const recovered = { ...abandoned, recoveredAt: past };

it.each([
  ['ACTIVE', null, fresh],
  ['ABANDONED', null, abandoned],
  ['RECOVERED', null, recovered],
  ['EXPIRED', 'EXPIRED', { ...fresh, expiresAt: now }],
  ['EXPIRED', 'EXPIRED', { ...abandoned, expiresAt: past }],
  ['EXPIRED', 'EXPIRED', { ...recovered, expiresAt: past }],
  ['CONVERTED', 'CONVERTED', { ...fresh, convertedAt: past }],
  ['CONVERTED', 'CONVERTED', { ...recovered, convertedAt: past, expiresAt: past }],
] as const)('is %s, and refuses changes with %s', (status, reason, cart) => {
  expect(cartStatuses).toContain(status);
  expect(statusOf(cart, now)).toBe(status);
  expect(closedReason(cart, now)).toBe(reason);
});
