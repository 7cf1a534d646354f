import { roleGrants } from '@storegraph/auth';
import { describe, expect, it } from 'vitest';
import { refusalOf } from './member.ts';

const owner = { status: 'ACTIVE', permissions: roleGrants.OWNER, isLastOwner: false } as const;
const agent = { status: 'ACTIVE', permissions: roleGrants.AGENT, isLastOwner: false } as const;
const taking = ['ROLE_CHANGE', 'SUSPEND', 'REMOVE'] as const;

describe('a change of a member', () => {
  it('is up to those who hold at least what the role grants', () => {
    for (const change of taking) {
      expect(refusalOf(change, agent, roleGrants.ADMIN)).toBeNull();
      expect(refusalOf(change, owner, roleGrants.OWNER)).toBeNull();
      expect(refusalOf(change, owner, roleGrants.ADMIN)).toBe('ABOVE_YOUR_PERMISSIONS');
      expect(refusalOf(change, agent, ['members:write'])).toBe('ABOVE_YOUR_PERMISSIONS');
    }
    expect(refusalOf('REINSTATE', { ...owner, status: 'SUSPENDED' }, roleGrants.ADMIN)).toBe('ABOVE_YOUR_PERMISSIONS');
  });
  it('never leaves a store without an owner; a suspended one is none', () => {
    for (const change of taking) expect(refusalOf(change, { ...owner, isLastOwner: true }, roleGrants.OWNER)).toBe('LAST_OWNER');
    expect(refusalOf('REMOVE', { ...owner, status: 'SUSPENDED' }, roleGrants.OWNER)).toBeNull();
  });
  it('suspends who is active, and reinstates who is suspended', () => {
    expect(refusalOf('SUSPEND', { ...agent, status: 'SUSPENDED' }, roleGrants.OWNER)).toBe('ALREADY_SUSPENDED');
    expect(refusalOf('REINSTATE', agent, roleGrants.OWNER)).toBe('NOT_SUSPENDED');
    expect(refusalOf('REINSTATE', { ...agent, status: 'SUSPENDED' }, roleGrants.OWNER)).toBeNull();
  });
  it('is over for a removed member, whatever the caller may', () => {
    for (const change of [...taking, 'REINSTATE'] as const)
      expect(refusalOf(change, { ...owner, status: 'REMOVED' }, [])).toBe('ALREADY_REMOVED');
  });
});
