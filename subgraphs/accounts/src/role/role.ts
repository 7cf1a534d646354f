import { isPermission, permissions, roleGrants, type Permission, type RoleName } from '@storegraph/auth';
import { ok, refuse, type Problem, type Result } from '@storegraph/core';

const isRoleName = (key: string): key is RoleName => Object.hasOwn(roleGrants, key);

/** What a role grants: a built-in one what this version of the program says, one of the store's own what it lists. In the order of the platform's list. */
export function permissionsOf(role: { readonly key: string | null; readonly permissions: readonly string[] }): readonly Permission[] {
  if (role.key !== null) return isRoleName(role.key) ? roleGrants[role.key] : [];
  return inOrderOfPlatform(role.permissions.filter(isPermission));
}

/** Whether a grant holds anything that the granter does not have: nobody may give, or take away, more than they hold. */
export const exceeds = (grant: readonly Permission[], own: readonly Permission[]): boolean =>
  grant.some((permission) => !own.includes(permission));

/** The permissions that a caller may give to a role or a key: known ones, and none beyond the caller's own. Each once. */
export function grantable(
  asked: readonly string[],
  callers: readonly Permission[],
): Result<Permission[], 'UNKNOWN_PERMISSION' | 'ABOVE_YOUR_PERMISSIONS'> {
  const granted: Permission[] = [];
  const problems: Problem<'UNKNOWN_PERMISSION' | 'ABOVE_YOUR_PERMISSIONS'>[] = [];
  for (const [index, permission] of asked.entries()) {
    const field = ['permissions', String(index)];
    if (!isPermission(permission)) problems.push({ code: 'UNKNOWN_PERMISSION', message: 'There is no such permission.', field });
    else if (exceeds([permission], callers))
      problems.push({ code: 'ABOVE_YOUR_PERMISSIONS', message: 'You do not have this permission.', field });
    else granted.push(permission);
  }
  return problems.length > 0 ? refuse(problems) : ok(inOrderOfPlatform(granted));
}

function inOrderOfPlatform(granted: readonly Permission[]): Permission[] {
  const held = new Set(granted);
  return permissions.filter((permission) => held.has(permission));
}

/** A store that needs more than this has made a role for each person. */
export const maxRoles = 100;

interface RoleState {
  readonly key: string | null;
  readonly permissions: readonly string[];
}

type RoleRefusal = 'BUILT_IN' | 'ABOVE_YOUR_PERMISSIONS';

/** Why a caller with these permissions can't change or delete the role; null when they can. */
export function refusalToChangeRole(role: RoleState, callers: readonly Permission[]): RoleRefusal | null {
  if (role.key !== null) return 'BUILT_IN';
  return exceeds(permissionsOf(role), callers) ? 'ABOVE_YOUR_PERMISSIONS' : null;
}

export const roleRefusalText: Readonly<Record<RoleRefusal, string>> = {
  BUILT_IN: 'The built-in roles stay as they are.',
  ABOVE_YOUR_PERMISSIONS: 'The role holds permissions that you do not have.',
};
