import type { Id, StoreId } from '@storegraph/core';
import type { Permission } from './permissions.ts';

export const identityKinds = ['STAFF', 'CUSTOMER', 'API_KEY', 'PLATFORM', 'ANONYMOUS', 'SYSTEM'] as const;

export type IdentityKind = (typeof identityKinds)[number];

/** Who a request acts for. It is made by an issuer (accounts, customers) or by the kernel, never by a client. */
export interface Identity {
  readonly kind: IdentityKind;
  /** The one store that the request is bound to. A PLATFORM identity with a store acts as that store. */
  readonly storeId: StoreId | null;
  /** usr_ for STAFF and PLATFORM, cus_ for CUSTOMER, key_ for API_KEY, null for ANONYMOUS and SYSTEM. */
  readonly subjectId: Id | null;
  readonly sessionId: Id | null;
  readonly permissions: readonly Permission[];
}

/** What a request brings before it has an identity. The gateway turns it into one through the issuers' exchanges. */
export type Credential =
  | { readonly kind: 'TOKEN'; readonly token: string }
  | { readonly kind: 'API_KEY'; readonly key: string }
  | { readonly kind: 'STORE'; readonly slug: string };

export const anonymous = (storeId: StoreId | null = null): Identity => ({
  kind: 'ANONYMOUS',
  storeId,
  subjectId: null,
  sessionId: null,
  permissions: [],
});

/** The kernel's own identity, for reactions, jobs and internal calls. Nothing from outside can obtain it. */
export const system = (storeId: StoreId | null): Identity => ({
  kind: 'SYSTEM',
  storeId,
  subjectId: null,
  sessionId: null,
  permissions: [],
});
