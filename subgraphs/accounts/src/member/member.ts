import type { Permission } from '@storegraph/auth';
import { exceeds } from '../role/role.ts';

type MemberStatus = 'ACTIVE' | 'SUSPENDED' | 'REMOVED';
export type MemberTransitionName = 'ROLE_CHANGE' | 'SUSPEND' | 'REINSTATE' | 'REMOVE';

export interface MemberState {
  readonly status: MemberStatus;
  /** What the member's role grants. */
  readonly permissions: readonly Permission[];
  /** Whether no other active member owns the store. */
  readonly isLastOwner: boolean;
}

/** Why a member can't be changed in this way. */
export type RefusalOf<Change extends MemberTransitionName> =
  | 'ALREADY_REMOVED'
  | 'ABOVE_YOUR_PERMISSIONS'
  | (Change extends 'SUSPEND' ? 'ALREADY_SUSPENDED' : never)
  | (Change extends 'REINSTATE' ? 'NOT_SUSPENDED' : 'LAST_OWNER');
type MemberRefusal = RefusalOf<MemberTransitionName>;

/** Why a change of a member is not to be, by a caller with these permissions; null when it is. */
export function refusalOf<Change extends MemberTransitionName>(
  change: Change,
  member: MemberState,
  callers: readonly Permission[],
): RefusalOf<Change> | null;
export function refusalOf(change: MemberTransitionName, member: MemberState, callers: readonly Permission[]): MemberRefusal | null {
  if (member.status === 'REMOVED') return 'ALREADY_REMOVED';
  if (change === 'SUSPEND' && member.status === 'SUSPENDED') return 'ALREADY_SUSPENDED';
  if (change === 'REINSTATE' && member.status !== 'SUSPENDED') return 'NOT_SUSPENDED';
  // Nobody takes from another, nor gives back, what they do not hold.
  if (exceeds(member.permissions, callers)) return 'ABOVE_YOUR_PERMISSIONS';
  return change !== 'REINSTATE' && member.isLastOwner ? 'LAST_OWNER' : null;
}

export const refusalText: Readonly<Record<MemberRefusal, string>> = {
  ALREADY_REMOVED: 'The member has been removed.',
  ALREADY_SUSPENDED: 'The member is suspended already.',
  NOT_SUSPENDED: 'The member is not suspended.',
  ABOVE_YOUR_PERMISSIONS: 'The role holds permissions that you do not have.',
  LAST_OWNER: 'A store always has an active owner.',
};
