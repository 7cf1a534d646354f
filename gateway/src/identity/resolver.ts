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

/** Who acts, and until when the credential that says so is good, in milliseconds since 1970; Infinity for one that does not expire. */
export interface Session {
  readonly identity: Identity;
  readonly expiresAt: number;
}

export interface IdentityResolver {
  /** Who a request acts for. Throws UNAUTHENTICATED, BAD_REQUEST or SUBGRAPH_UNAVAILABLE. */
  resolve(headers: IncomingHttpHeaders, requestId: string): Promise<Identity>;
  /** The same, for a connection that stays. With `withinMs`, nothing that was learnt longer ago than that counts. */
  session(headers: IncomingHttpHeaders, requestId: string, withinMs?: number): Promise<Session>;
  forget(change: CredentialChange): void;
}

interface Asked {
  readonly requestId: string;
  readonly withinMs: number | undefined;
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

  const identityOf = (name: string | undefined, credential: Credential, { requestId, withinMs }: Asked): Promise<Identity | null> =>
    name === undefined ? Promise.resolve(null) : cache.get(credential, () => exchange(name, credential, requestId), withinMs);

  async function bearer(credential: Exclude<Credential, { kind: 'STORE' }>, asked: Asked): Promise<Session> {
    if (credential.kind === 'API_KEY') {
      const identity = await identityOf(issuers.forKind('API_KEY'), credential, asked);
      if (!identity) throw refused('UNAUTHENTICATED', 'The API key is not valid, or it was revoked.');
      return { identity, expiresAt: Infinity };
    }
    const claims = claimsOf(credential.token);
    if (!claims || !issuers.has(claims.issuer)) throw refused('UNAUTHENTICATED', 'The access token is not one of ours.');
    if (claims.expiresAt <= clock.now().getTime()) throw refused('UNAUTHENTICATED', 'The access token has expired.');
    const identity = await identityOf(claims.issuer, credential, asked);
    if (!identity) throw refused('UNAUTHENTICATED', 'The access token is not valid, or its session has ended.');
    return { identity, expiresAt: claims.expiresAt };
  }

  async function session(headers: IncomingHttpHeaders, requestId: string, withinMs?: number): Promise<Session> {
    const asked = { requestId, withinMs };
    const { credential, store } = presented(headers);
    const shop = () => (store ? identityOf(issuers.forKind('STORE'), store, asked) : Promise.resolve(null));
    if (!credential) {
      const visitor = store ? await shop() : anonymous();
      if (!visitor) throw refused('BAD_REQUEST', 'The header "x-storegraph-store" names no store.');
      return { identity: visitor, expiresAt: Infinity };
    }
    const found = await bearer(credential, asked);
    if (store && (await shop())?.storeId !== found.identity.storeId) {
      throw refused('BAD_REQUEST', 'The header "x-storegraph-store" names another store than the credential. Leave it out.');
    }
    return found;
  }

  return {
    session,
    resolve: async (headers, requestId) => (await session(headers, requestId)).identity,
    forget: (change) => cache.forget(change),
  };
}
