import { roleGrants } from '@storegraph/auth';
import { describe, expect, it } from 'vitest';
import { refusalToLeaveRole } from './member.ts';

const owner = { status: 'ACTIVE', permissions: roleGrants.OWNER, isLastOwner: false } as const;
const agent = { status: 'ACTIVE', permissions: roleGrants.AGENT, isLastOwner: false } as const;

describe('leaving a role', () => {
  it('is up to those who hold at least what the role grants', () => {
    expect(refusalToLeaveRole(agent, roleGrants.ADMIN)).toBeNull();
    expect(refusalToLeaveRole(owner, roleGrants.OWNER)).toBeNull();
    expect(refusalToLeaveRole(owner, roleGrants.ADMIN)).toBe('ABOVE_YOUR_PERMISSIONS');
    expect(refusalToLeaveRole(agent, ['members:write'])).toBe('ABOVE_YOUR_PERMISSIONS');
  });
  it('is never possible for the last owner, suspended and invited members aside', () => {
    expect(refusalToLeaveRole({ ...owner, isLastOwner: true }, roleGrants.OWNER)).toBe('LAST_OWNER');
    expect(refusalToLeaveRole({ ...owner, status: 'SUSPENDED' }, roleGrants.OWNER)).toBeNull();
  });
  it('is over for a removed member, whatever the caller may', () => {
    expect(refusalToLeaveRole({ ...owner, status: 'REMOVED' }, [])).toBe('ALREADY_REMOVED');
  });
});
