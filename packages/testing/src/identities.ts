import { anonymous, system, roleGrants, type Identity, type Permission } from '@storegraph/auth';
import { newId, type CustomerId, type StoreId } from '@storegraph/core';

type Role = keyof typeof roleGrants;

/** Identities of every kind, for tests that go past the log-in. */
export const identity = {
  staff: (storeId: StoreId, grants: Role | readonly Permission[] = 'OWNER'): Identity => ({
    kind: 'STAFF',
    storeId,
    subjectId: newId('usr'),
    sessionId: newId('ses'),
    permissions: typeof grants === 'string' ? roleGrants[grants] : grants,
  }),
  customer: (storeId: StoreId, customerId: CustomerId = newId('cus')): Identity => ({
    kind: 'CUSTOMER',
    storeId,
    subjectId: customerId,
    sessionId: newId('cse'),
    permissions: [],
  }),
  apiKey: (storeId: StoreId, permissions: readonly Permission[]): Identity => ({
    kind: 'API_KEY',
    storeId,
    subjectId: newId('key'),
    sessionId: null,
    permissions,
  }),
  platform: (storeId: StoreId | null = null): Identity => ({
    kind: 'PLATFORM',
    storeId,
    subjectId: newId('usr'),
    sessionId: newId('ses'),
    permissions: roleGrants.OWNER,
  }),
  anonymous,
  system,
};
