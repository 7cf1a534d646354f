import { roleGrants, type Identity, type IdentityKind } from '@storegraph/auth';
import { newId } from '@storegraph/core';
import { expect, it } from 'vitest';
import { admits, assertAccess, type AccessRule } from './access.ts';

const storeId = newId('sto');
const of = (kind: IdentityKind, permissions: Identity['permissions'] = []): Identity => ({
  kind,
  storeId,
  subjectId: null,
  sessionId: null,
  permissions,
});
const rule = (permission: string, ...also: IdentityKind[]): AccessRule => ({ permission, also: new Set(also) });

const who = {
  system: of('SYSTEM'),
  platform: of('PLATFORM', roleGrants.OWNER),
  'platform without': of('PLATFORM'),
  staff: of('STAFF', ['orders:read']),
  'staff without': of('STAFF', ['customers:read']),
  key: of('API_KEY', ['orders:read']),
  'key without': of('API_KEY', ['orders:write']),
  customer: of('CUSTOMER'),
  anonymous: of('ANONYMOUS'),
};

it.each<[AccessRule, (keyof typeof who)[]]>([
  [rule('public'), ['system', 'platform', 'platform without', 'staff', 'staff without', 'key', 'key without', 'customer', 'anonymous']],
  [rule('authenticated'), ['system', 'platform', 'platform without', 'staff', 'staff without', 'key', 'key without', 'customer']],
  [rule('platform'), ['system', 'platform', 'platform without']],
  [rule('internal'), ['system']],
  [rule('orders:read'), ['system', 'platform', 'staff', 'key']],
  [rule('orders:read', 'CUSTOMER'), ['system', 'platform', 'staff', 'key', 'customer']],
  [rule('orders:read', 'CUSTOMER', 'ANONYMOUS'), ['system', 'platform', 'staff', 'key', 'customer', 'anonymous']],
])('admits exactly those whom the rule names: %o', (given, expected) => {
  const admitted = Object.entries(who).flatMap(([name, identity]) => (admits(given, identity) ? [name] : []));
  expect(admitted).toEqual(expected);
});

it('gives nothing for a permission that a customer or a stranger claims to have', () => {
  expect(admits(rule('orders:read'), of('CUSTOMER', ['orders:read']))).toBe(false);
  expect(admits(rule('orders:read'), of('ANONYMOUS', ['orders:read']))).toBe(false);
});

it('tells a stranger to log in, and everybody else that they may not', () => {
  expect(() => assertAccess(rule('orders:read'), who.anonymous)).toThrow(expect.objectContaining({ code: 'UNAUTHENTICATED' }));
  expect(() => assertAccess(rule('orders:read'), who.customer)).toThrow(expect.objectContaining({ code: 'FORBIDDEN' }));
});
