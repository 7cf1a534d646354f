/** Every permission that `@access` may name. A domain that needs another one adds it here and grants it to the built-in roles below. */
export const permissions = [
  'store:read',
  'store:write',
  'store:close',
  'store:transfer',
  'members:read',
  'members:write',
  'roles:read',
  'roles:write',
  'apiKeys:read',
  'apiKeys:write',
  'activity:read',
  'customers:read',
  'customers:write',
  'customers:export',
  'customers:erase',
  'orders:read',
  'orders:write',
  'orders:export',
  'orders:refund',
  'discounts:read',
  'discounts:write',
  'giftCards:read',
  'giftCards:write',
  'conversations:read',
  'conversations:write',
  'conversations:manage',
  'messaging:read',
  'messaging:write',
  'consents:read',
  'consents:write',
  'metrics:read',
  'schema:read',
  'graph:explain',
] as const;

export type Permission = (typeof permissions)[number];

const known: ReadonlySet<string> = new Set(permissions);

export const isPermission = (text: unknown): text is Permission => typeof text === 'string' && known.has(text);

export type RoleName = 'OWNER' | 'ADMIN' | 'MANAGER' | 'AGENT';

/** What only the owner of a store may do: end it or give it away. */
const ownerOnly: ReadonlySet<Permission> = new Set<Permission>(['store:close', 'store:transfer']);

/** The built-in roles of every store. */
export const roleGrants: Readonly<Record<RoleName, readonly Permission[]>> = {
  OWNER: permissions,
  ADMIN: permissions.filter((permission) => !ownerOnly.has(permission)),
  MANAGER: [
    'store:read',
    'members:read',
    'roles:read',
    'activity:read',
    'customers:read',
    'customers:write',
    'customers:export',
    'orders:read',
    'orders:write',
    'orders:export',
    'orders:refund',
    'discounts:read',
    'discounts:write',
    'giftCards:read',
    'giftCards:write',
    'conversations:read',
    'conversations:write',
    'conversations:manage',
    'messaging:read',
    'consents:read',
    'consents:write',
    'metrics:read',
  ],
  AGENT: [
    'store:read',
    'members:read',
    'customers:read',
    'customers:write',
    'orders:read',
    'orders:write',
    'discounts:read',
    'giftCards:read',
    'conversations:read',
    'conversations:write',
    'consents:read',
  ],
};
