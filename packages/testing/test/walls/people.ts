import { permissions, roleGrants, type Identity, type Permission } from '@storegraph/auth';
import { parseId, type CustomerId, type StoreId } from '@storegraph/core';
import { identity } from '../../src/identities.ts';
import type { Rows, WalledStore } from './world.ts';

/** What the rules of the way need. */
const needed = (rules: readonly string[]) => rules.flatMap((rule) => rule.split(' + ')[0] ?? []);

/** Everybody who may stand before a place with these rules, by what a reader calls them. */
export function people({ ownerIdentity }: WalledStore, rows: Rows, rules: readonly string[]): Record<string, Identity> {
  const storeId: StoreId = ownerIdentity.storeId ?? 'sto_';
  const customerId: CustomerId = parseId('cus', rows['customerId']) ?? 'cus_';
  const last = needed(rules).at(-1);
  const enough = permissions.filter((permission) => needed(rules).includes(permission));
  const tooFew = permissions.filter((permission) => permission !== last);
  const staff = (grants: readonly Permission[]): Identity => ({ ...ownerIdentity, permissions: grants });
  return {
    owner: ownerIdentity,
    'a visitor of no store': identity.anonymous(),
    'a visitor of the store': identity.anonymous(storeId),
    'the customer': identity.customer(storeId, customerId),
    'another customer': identity.customer(storeId),
    'an agent': identity.staff(storeId, 'AGENT'),
    'staff with every other permission': staff(tooFew),
    'staff without any permission': staff([]),
    'an API key with exactly what it needs': identity.apiKey(storeId, enough),
    'an API key with every other permission': identity.apiKey(storeId, tooFew),
    'an API key without any permission': identity.apiKey(storeId, []),
    platform: { ...identity.platform(storeId), permissions: roleGrants.OWNER },
  };
}

function admits(rule: string, { kind, permissions: has }: Identity): boolean {
  const [permission = '', ...also] = rule.split(' + ');
  switch (permission) {
    case 'public':
      return true;
    case 'authenticated':
      return kind !== 'ANONYMOUS';
    case 'platform':
      return kind === 'PLATFORM';
    case 'internal':
      return false;
    default:
      return kind === 'CUSTOMER' || kind === 'ANONYMOUS' ? also.includes(kind) : has.some((held) => held === permission);
  }
}

/** The code with which the place must refuse; null when it must not. */
export function refusalOf(rules: readonly string[], who: Identity): 'UNAUTHENTICATED' | 'FORBIDDEN' | null {
  if (rules.every((rule) => admits(rule, who))) return null;
  return who.kind === 'ANONYMOUS' ? 'UNAUTHENTICATED' : 'FORBIDDEN';
}
