import type { Permission } from '@storegraph/auth';
import { exceeds } from '../role/role.ts';

export type MemberStatus = 'INVITED' | 'ACTIVE' | 'SUSPENDED' | 'REMOVED';

interface MemberState {
  readonly status: MemberStatus;
  /** What the member's role grants. */
  readonly permissions: readonly Permission[];
  /** Whether no other active member owns the store. */
  readonly isLastOwner: boolean;
}

export type MemberRefusal = 'ALREADY_REMOVED' | 'ABOVE_YOUR_PERMISSIONS' | 'LAST_OWNER';

/** Why a member can't be taken out of the role, by a caller with these permissions; null when it can. */
export function refusalToLeaveRole(member: MemberState, callers: readonly Permission[]): MemberRefusal | null {
  if (member.status === 'REMOVED') return 'ALREADY_REMOVED';
  if (exceeds(member.permissions, callers)) return 'ABOVE_YOUR_PERMISSIONS';
  return member.isLastOwner ? 'LAST_OWNER' : null;
}

export const refusalText: Readonly<Record<MemberRefusal, string>> = {
  ALREADY_REMOVED: 'The member has been removed.',
  ABOVE_YOUR_PERMISSIONS: 'The role holds permissions that you do not have.',
  LAST_OWNER: 'A store always has an active owner.',
};
