import { roleGrants } from '@storegraph/auth';
import { isRefusal } from '@storegraph/core';
import { describe, expect, it } from 'vitest';
import { grantable, permissionsOf, refusalToChangeRole } from './role.ts';

describe('a grant', () => {
  it('has each known permission once, in the order of the platform’s list, and none beyond the granter’s', () => {
    expect(grantable(['orders:write', 'orders:read', 'orders:read'], ['orders:read', 'orders:write'])).toEqual({
      ok: true,
      value: ['orders:read', 'orders:write'],
    });
    const refused = grantable(['orders:read', 'orders:fly', 'members:write'], ['orders:read']);
    expect(isRefusal(refused) && refused.problems.map(({ code, field }) => [code, field])).toEqual([
      ['UNKNOWN_PERMISSION', ['permissions', '1']],
      ['ABOVE_YOUR_PERMISSIONS', ['permissions', '2']],
    ]);
  });
});

describe('a role', () => {
  it('grants what it lists as far as this version knows it, a built-in one what comes with the program', () => {
    expect(permissionsOf({ key: null, permissions: ['orders:write', 'once:known', 'orders:read'] })).toEqual([
      'orders:read',
      'orders:write',
    ]);
    expect(permissionsOf({ key: 'AGENT', permissions: [] })).toEqual(roleGrants.AGENT);
    expect(permissionsOf({ key: 'UNKNOWN', permissions: ['orders:read'] })).toEqual([]);
  });
  it('is changed by nobody who holds less, and not at all where it is built in', () => {
    expect(refusalToChangeRole({ key: 'AGENT', permissions: [] }, roleGrants.OWNER)).toBe('BUILT_IN');
    expect(refusalToChangeRole({ key: null, permissions: ['orders:read', 'orders:write'] }, ['orders:read'])).toBe(
      'ABOVE_YOUR_PERMISSIONS',
    );
    expect(refusalToChangeRole({ key: null, permissions: ['orders:read'] }, ['orders:read'])).toBeNull();
  });
});
