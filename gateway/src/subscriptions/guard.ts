import { randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { Identity } from '@storegraph/auth';
import type { Clock, Logger } from '@storegraph/core';
import { GraphQLError } from 'graphql';
import { concerned, type CredentialChange } from '../identity/identity-cache.ts';
import type { IdentityResolver, Session } from '../identity/resolver.ts';
import { endings, type Ending } from './endings.ts';
import type { SubscriptionSettings } from './settings.ts';

/** The headers that say who somebody is, however they came. */
export type Credentials = Readonly<Partial<Pick<IncomingHttpHeaders, 'authorization' | 'x-storegraph-store'>>>;

/** Somebody who was let in over a connection that stays. */
export interface Guarded {
  readonly identity: Identity;
  /** Goes on with another credential of the same subject and store; else the connection is ended. Never rejects. */
  renew(credentials: Credentials): Promise<void>;
  /** The connection has ended. */
  leave(): void;
}

/** Ends connections whose right to be here has ended: expired, revoked, or changed. */
export interface Guard {
  /** Finds out who it is, from a credential that was looked at moments ago at most. Throws as the identity resolver does. */
  admit(credentials: Credentials, end: (ending: Ending) => void): Promise<Guarded>;
  changed(change: CredentialChange): void;
  stop(): void;
}

interface Member {
  credentials: Credentials;
  session: Session;
  /** When it was last known that the session is good, and when to ask again; milliseconds of the clock. */
  checkedAt: number;
  dueAt: number;
  /** The look that is under way, whether another is to follow, and with which credential if a new one was given. */
  checking: Promise<void> | null;
  again: boolean;
  offered: Credentials | null;
  end(ending: Ending): void;
}

/** What was learnt within this time is news enough; many connections of one user then share an exchange. */
const freshMs = 2_000;
const askAgainMs = 2_000;

/** Identities with the same key may see and do the same, and their sessions end together. */
export const identityKey = ({ kind, storeId, subjectId, sessionId, permissions }: Identity): string =>
  JSON.stringify([kind, storeId, subjectId, sessionId, permissions.toSorted()]);

interface GuardOptions {
  readonly identities: IdentityResolver;
  readonly clock: Clock;
  readonly settings: Pick<SubscriptionSettings, 'expiryEveryMs' | 'recheckMs' | 'believedMs'>;
  readonly log: Logger;
}

export function createGuard({ identities, clock, settings, log }: GuardOptions): Guard {
  const members = new Set<Member>();
  const now = () => clock.now().getTime();
  const isBelieved = ({ checkedAt }: Member) => now() < checkedAt + settings.believedMs;

  /** One look at a time: what is asked for meanwhile comes behind it, once. Else what a former credential gives could take the place of the latter. */
  function check(member: Member, offered: Credentials | null = null): Promise<void> {
    member.again = true;
    member.offered = offered ?? member.offered;
    return (member.checking ??= checkInTurn(member));
  }

  async function checkInTurn(member: Member): Promise<void> {
    while (member.again && members.has(member)) {
      const credentials = member.offered ?? member.credentials;
      Object.assign(member, { again: false, offered: null });
      await look(member, credentials);
    }
    member.checking = null;
  }

  async function look(member: Member, credentials: Credentials): Promise<void> {
    const requestId = randomUUID();
    const asked = now();
    try {
      const session = await identities.session(credentials, requestId, freshMs);
      if (!members.has(member)) return;
      const ending = difference(member.session.identity, session.identity);
      if (ending) return member.end(ending);
      Object.assign(member, { credentials, session, checkedAt: asked, dueAt: asked + settings.recheckMs });
    } catch (error) {
      if (!members.has(member)) return;
      if (!isUnavailable(error)) return member.end(endings.forbidden);
      log.warn({ requestId, error }, 'it could not be checked whether a connection may stay');
      if (!isBelieved(member)) return member.end(endings.unverified);
      // The one that was just given is good news as soon as somebody can read it.
      Object.assign(member, { credentials, dueAt: now() + askAgainMs });
    }
  }

  const sweep = setInterval(() => {
    const at = now();
    for (const member of members) {
      if (member.session.expiresAt <= at) member.end(endings.expired);
      else if (member.checking === null && member.dueAt <= at) void check(member);
      // Whoever is asked may take their time, and the last word is good for no longer.
      else if (member.checking !== null && !isBelieved(member)) member.end(endings.unverified);
    }
  }, settings.expiryEveryMs);
  sweep.unref();

  return {
    async admit(credentials, end) {
      const at = now();
      const session = await identities.session(credentials, randomUUID(), freshMs);
      const looks = { checking: null, again: false, offered: null };
      const member: Member = { credentials, session, checkedAt: at, dueAt: at + settings.recheckMs, ...looks, end };
      members.add(member);
      return {
        get identity() {
          return member.session.identity;
        },
        renew: (given) => check(member, given),
        leave: () => void members.delete(member),
      };
    },
    changed(change) {
      const concerns = concerned(change);
      for (const member of members) if (concerns(member.session.identity)) void check(member);
    },
    stop: () => clearInterval(sweep),
  };
}

function difference(was: Identity, is: Identity): Ending | null {
  if (was.kind !== is.kind || was.storeId !== is.storeId || was.subjectId !== is.subjectId) return endings.forbidden;
  return identityKey(was) === identityKey(is) ? null : endings.changed;
}

const isUnavailable = (error: unknown) => !(error instanceof GraphQLError) || error.extensions['code'] === 'SUBGRAPH_UNAVAILABLE';
