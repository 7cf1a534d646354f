import type { Credential } from '@storegraph/auth';
import type { IncomingHttpHeaders } from 'node:http';
import { refused } from '../errors.ts';
import { forAWhile } from './for-a-while.ts';

export interface Presented {
  readonly credential: Exclude<Credential, { kind: 'STORE' }> | null;
  /** The store that the header names. It counts on its own only without a credential. */
  readonly store: Extract<Credential, { kind: 'STORE' }> | null;
}

const maxCredentialLength = 8_192;
const slugForm = /^[a-zA-Z0-9][a-zA-Z0-9._-]{0,99}$/;

/** Reads who a request says it is from. Throws UNAUTHENTICATED or BAD_REQUEST for headers that say nothing. No other header has a say. */
export function presented({ authorization, 'x-storegraph-store': slug }: IncomingHttpHeaders): Presented {
  return { credential: authorization === undefined ? null : credentialIn(authorization), store: slug === undefined ? null : storeIn(slug) };
}

function credentialIn(header: string): Presented['credential'] {
  const text = /^Bearer +([^\s]+)$/i.exec(header.trim())?.[1];
  if (!text || text.length > maxCredentialLength)
    throw refused('UNAUTHENTICATED', 'The header "authorization" must be "Bearer", a space, and an access token or an API key.');
  return text.startsWith('sk_') ? { kind: 'API_KEY', key: text } : { kind: 'TOKEN', token: text };
}

function storeIn(header: string | string[]): Presented['store'] {
  if (typeof header !== 'string' || !slugForm.test(header))
    throw refused('BAD_REQUEST', 'The header "x-storegraph-store" must be the slug of a store.');
  return { kind: 'STORE', slug: header };
}

interface Claims {
  readonly issuer: string;
  readonly expiresAt: number;
}

/** What a token says of itself; `expiresAt` in milliseconds since 1970. Nothing here is verified: it only picks who is to verify it, and words the refusal. */
export const claimsOf = (token: string): Claims | null => readClaims(token).claims;

const readClaims = forAWhile((token: string): { readonly claims: Claims | null } => {
  const parts = token.split('.');
  if (parts.length !== 3 || !parts[1]) return { claims: null };
  try {
    const claims: unknown = JSON.parse(Buffer.from(parts[1], 'base64url').toString('utf8'));
    if (typeof claims !== 'object' || claims === null || !('iss' in claims) || typeof claims.iss !== 'string') return { claims: null };
    const expiresAt = 'exp' in claims && typeof claims.exp === 'number' ? claims.exp * 1_000 : Infinity;
    return { claims: { issuer: claims.iss, expiresAt } };
  } catch {
    return { claims: null };
  }
});
