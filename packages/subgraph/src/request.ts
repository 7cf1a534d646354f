import type { Identity } from '@storegraph/auth';
import type { Clock, Logger } from '@storegraph/core';
import type { Pool } from '@storegraph/database';
import { actionOf, isAudited, recordActivity, type Action } from './audit.ts';
import type { LoadContext, RequestContext, Services } from './context.ts';
import type { Hubs } from './hub.ts';
import { createSessions } from './sessions.ts';

/** One operation for a subgraph, as the gateway sends it. */
export interface SubgraphRequest {
  readonly query: string;
  readonly operationName?: string | null;
  readonly variables?: Readonly<Record<string, unknown>> | null;
  readonly identity: Identity;
  readonly requestId: string;
  readonly ip?: string | null;
  readonly userAgent?: string | null;
  readonly traceparent?: string | null;
  /** Milliseconds since 1970 after which nobody waits for the answer. */
  readonly deadline?: number;
  readonly signal?: AbortSignal;
}

export interface Parts {
  readonly domain: string;
  readonly pool: Pool;
  readonly clock: Clock;
  readonly log: Logger;
  readonly services: Services;
  readonly hubs: Hubs;
}

export function createContext(
  { domain, pool, clock, log, services, hubs }: Parts,
  request: SubgraphRequest,
  signal: AbortSignal,
): RequestContext {
  const { requestId, ip = null, userAgent = null } = request;
  const loaders = new Set<{ clearAll(): unknown }>();
  let action: Action | undefined;

  const sessions = createSessions(pool, {
    onWrite: () => {
      for (const loader of loaders) loader.clearAll();
    },
    beforeCommit: async (tx, result) => {
      if (!action || !isAudited(tx.scope.identity)) return;
      const done = action;
      // A mutation that writes twice is one activity.
      action = undefined;
      await recordActivity(tx, result, done, { requestId, ip, userAgent });
    },
  });

  const contextOf = (identity: Identity): LoadContext => {
    const made = new Map<unknown, unknown>();
    let ownLog: Logger | undefined;
    const ctx: LoadContext = {
      identity,
      db: sessions.open({ domain, identity, correlationId: requestId, origin: 'LIVE' }),
      clock,
      // Made by the first who has something to say: most requests end without.
      get log() {
        return (ownLog ??= log.child({ requestId, kind: identity.kind, storeId: identity.storeId }));
      },
      requestId,
      ip,
      userAgent,
      signal,
      services,
      loaders,
      load: (factory) => {
        if (!made.has(factory)) made.set(factory, factory(ctx));
        return made.get(factory) as ReturnType<typeof factory>;
      },
      as: contextOf,
      hub: hubs,
    };
    return ctx;
  };

  const kernel: Pick<RequestContext, 'beginMutation' | 'end'> = {
    beginMutation: (info, args) => {
      action = actionOf(info, args);
    },
    end: () => sessions.end(),
  };
  return Object.assign(contextOf(request.identity), kernel);
}
