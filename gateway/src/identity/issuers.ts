import type { Credential, IdentityKind } from '@storegraph/auth';
import { OperatorError } from '@storegraph/core';

/** What each issuer may make of a credential. An identity of another kind is refused, whatever the issuer answered: the shoppers' issuer can't mint staff. */
const pinned: Readonly<Record<string, Readonly<Record<Credential['kind'], readonly IdentityKind[]>>>> = {
  accounts: { TOKEN: ['STAFF', 'PLATFORM'], API_KEY: ['API_KEY'], STORE: ['ANONYMOUS'] },
  customers: { TOKEN: ['CUSTOMER'], API_KEY: [], STORE: [] },
};

export interface Issuers {
  /** Who exchanges credentials of this kind that do not name their issuer. */
  forKind(kind: 'API_KEY' | 'STORE'): string | undefined;
  has(name: string): boolean;
  mayGive(name: string, credential: Credential['kind'], kind: IdentityKind): boolean;
}

/** `names`: the subgraphs that exchange credentials. Throws an OperatorError for one whose kinds nobody has laid down. */
export function createIssuers(names: readonly string[]): Issuers {
  for (const name of names) {
    if (!Object.hasOwn(pinned, name))
      throw new OperatorError(`The subgraph "${name}" exchanges credentials, but the gateway does not know what kinds it may give.`);
  }
  return {
    forKind: (kind) => names.find((name) => pinned[name]?.[kind].length),
    has: (name) => names.includes(name),
    mayGive: (name, credential, kind) => names.includes(name) && (pinned[name]?.[credential].includes(kind) ?? false),
  };
}
