import { createHash } from 'node:crypto';
import type { Credential, Identity } from '@storegraph/auth';
import type { Clock } from '@storegraph/core';
import { LRUCache } from 'lru-cache';
import { forAWhile } from './for-a-while.ts';

/** Which rights have changed. The most specific id that is given decides what is forgotten. */
export interface CredentialChange {
  readonly sessionId?: string | null;
  readonly keyId?: string | null;
  readonly subjectId?: string | null;
  readonly storeId?: string | null;
}

export interface IdentityCache {
  /**
   * The identity behind a credential, or null when there is none: from memory, from an exchange under way, or by `exchange`. `withinMs`: what was learnt
   * longer ago than that does not count.
   */
  get(credential: Credential, exchange: () => Promise<Identity | null>, withinMs?: number): Promise<Identity | null>;
  forget(change: CredentialChange): void;
}

interface Entry {
  readonly identity: Identity | null;
  readonly since: number;
}

/** A right that was taken away outlives its change by no more than this, even where the notice of it is lost. */
const knownForMs = 30_000;
/** Long enough to take the edge off a flood of bad tokens, short enough for a store that was made a moment ago. */
const unknownForMs = 2_000;

export function createIdentityCache({
  clock,
  size,
  onLookup,
}: {
  clock: Clock;
  size: number;
  onLookup: (outcome: 'cached' | 'known' | 'unknown' | 'failed') => void;
}): IdentityCache {
  const entries = new LRUCache<string, Entry>({ max: size });
  const underWay = new Map<string, Promise<Identity | null>>();

  async function fetched(exchange: () => Promise<Identity | null>): Promise<Identity | null> {
    try {
      const identity = await exchange();
      onLookup(identity ? 'known' : 'unknown');
      return identity;
    } catch (error) {
      onLookup('failed');
      throw error;
    }
  }

  function start(key: string, exchange: () => Promise<Identity | null>): Promise<Identity | null> {
    const since = clock.now().getTime();
    // Where something was forgotten meanwhile, the answer may be from before the change: it serves those who wait for it and nobody after,
    // also when another exchange of the same credential has begun since.
    const isLatest = () => underWay.get(key) === started;
    const started = fetched(exchange)
      .then((identity) => {
        if (isLatest()) entries.set(key, { identity, since });
        return identity;
      })
      .finally(() => {
        if (isLatest()) underWay.delete(key);
      });
    underWay.set(key, started);
    return started;
  }

  return {
    get(credential, exchange, withinMs = knownForMs) {
      const key = keyOf(credential);
      const entry = entries.get(key);
      const until = entry ? entry.since + Math.min(entry.identity ? knownForMs : unknownForMs, withinMs) : 0;
      if (entry && clock.now().getTime() < until) {
        onLookup('cached');
        return Promise.resolve(entry.identity);
      }
      const running = underWay.get(key);
      return running ?? start(key, exchange);
    },
    forget(change) {
      underWay.clear();
      const concerns = concerned(change);
      for (const [key, { identity }] of entries) if (!identity || concerns(identity)) entries.delete(key);
    },
  };
}

/** What is known of credentials is kept by their hashes; they themselves are not, but for a moment while they are in use. */
const hashOf = forAWhile((text) => createHash('sha256').update(text).digest('base64'));

function keyOf(credential: Credential): string {
  const secret = credential.kind === 'TOKEN' ? credential.token : credential.kind === 'API_KEY' ? credential.key : credential.slug;
  return hashOf(`${credential.kind}:${secret}`);
}

/** Whether a change is one of this identity's rights. */
export function concerned({ sessionId, keyId, subjectId, storeId }: CredentialChange): (identity: Identity) => boolean {
  if (sessionId) return (identity) => identity.sessionId === sessionId;
  if (keyId) return (identity) => identity.kind === 'API_KEY' && identity.subjectId === keyId;
  if (subjectId) return (identity) => identity.subjectId === subjectId;
  if (storeId) return (identity) => identity.storeId === storeId;
  return () => true;
}
