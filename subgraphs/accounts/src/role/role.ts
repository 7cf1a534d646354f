import { isPermission, permissions, roleGrants, type Permission, type RoleName } from '@storegraph/auth';

const isRoleName = (key: string): key is RoleName => Object.hasOwn(roleGrants, key);

/** What a role grants: a built-in one what this version of the program says, one of the store's own what it lists. In the order of the platform's list. */
export function permissionsOf(role: { readonly key: string | null; readonly permissions: readonly string[] }): readonly Permission[] {
  if (role.key !== null) return isRoleName(role.key) ? roleGrants[role.key] : [];
  const granted = new Set(role.permissions.filter(isPermission));
  return permissions.filter((permission) => granted.has(permission));
}

/** Whether a grant holds anything that the granter does not have: nobody may give, or take away, more than they hold. */
export const exceeds = (grant: readonly Permission[], own: readonly Permission[]): boolean =>
  grant.some((permission) => !own.includes(permission));
