import { anonymous, type Credential, type Identity } from '@storegraph/auth';
import type { Clock, Logger } from '@storegraph/core';
import type { IncomingHttpHeaders } from 'node:http';
import { refused, subgraphUnavailable } from '../errors.ts';
import { withDeadline } from '../execution/deadline.ts';
import type { Metrics } from '../metrics.ts';
import type { SubgraphTransport } from '../transport/transport.ts';
import { claimsOf, presented } from './credential.ts';
import { createIdentityCache, type CredentialChange } from './identity-cache.ts';
import { createIssuers } from './issuers.ts';

export interface IdentityOptions {
  readonly transports: Readonly<Record<string, SubgraphTransport>>;
  readonly exchangers: readonly string[];
  readonly deadlineMs: number;
  readonly clock: Clock;
  readonly metrics: Metrics;
  readonly log: Logger;
}

export interface IdentityResolver {
  /** Who a request acts for. Throws UNAUTHENTICATED, BAD_REQUEST or SUBGRAPH_UNAVAILABLE. */
  resolve(headers: IncomingHttpHeaders, requestId: string): Promise<Identity>;
  forget(change: CredentialChange): void;
}

export function createIdentityResolver({ transports, exchangers, deadlineMs, clock, metrics, log }: IdentityOptions): IdentityResolver {
  const issuers = createIssuers(exchangers);
  const cache = createIdentityCache({ clock, size: 20_000, onLookup: metrics.exchange });

  async function exchange(name: string, credential: Credential, requestId: string): Promise<Identity | null> {
    const transport = transports[name];
    if (!transport?.exchange) throw subgraphUnavailable(name);
    const { exchange: ask } = transport;
    try {
      const identity = await withDeadline(deadlineMs, (signal) => ask(credential, { requestId, signal }));
      if (!identity || issuers.mayGive(name, credential.kind, identity.kind)) return identity;
      log.error({ subgraph: name, requestId, kind: identity.kind }, 'an issuer answered with an identity of a kind that it may not give');
      return null;
    } catch (error) {
      log.warn({ subgraph: name, requestId, error }, 'a credential could not be exchanged');
      throw subgraphUnavailable(name);
    }
  }

  const identityOf = (name: string | undefined, credential: Credential, requestId: string): Promise<Identity | null> =>
    name === undefined ? Promise.resolve(null) : cache.get(credential, () => exchange(name, credential, requestId));

  async function bearer(credential: Exclude<Credential, { kind: 'STORE' }>, requestId: string): Promise<Identity> {
    if (credential.kind === 'API_KEY') {
      const identity = await identityOf(issuers.forKind('API_KEY'), credential, requestId);
      if (!identity) throw refused('UNAUTHENTICATED', 'The API key is not valid, or it was revoked.');
      return identity;
    }
    const claims = claimsOf(credential.token);
    if (!claims || !issuers.has(claims.issuer)) throw refused('UNAUTHENTICATED', 'The access token is not one of ours.');
    if (claims.expired(clock.now())) throw refused('UNAUTHENTICATED', 'The access token has expired.');
    const identity = await identityOf(claims.issuer, credential, requestId);
    if (!identity) throw refused('UNAUTHENTICATED', 'The access token is not valid, or its session has ended.');
    return identity;
  }

  return {
    async resolve(headers, requestId) {
      const { credential, store } = presented(headers);
      const shop = () => (store ? identityOf(issuers.forKind('STORE'), store, requestId) : Promise.resolve(null));
      if (!credential) {
        const visitor = store ? await shop() : anonymous();
        if (!visitor) throw refused('BAD_REQUEST', 'The header "x-storegraph-store" names no store.');
        return visitor;
      }
      const identity = await bearer(credential, requestId);
      if (store && (await shop())?.storeId !== identity.storeId) {
        throw refused('BAD_REQUEST', 'The header "x-storegraph-store" names another store than the credential. Leave it out.');
      }
      return identity;
    },
    forget: (change) => cache.forget(change),
  };
}
