import type { Identity, Sealer } from '@storegraph/auth';
import type { Clock, Logger } from '@storegraph/core';
import type { Db } from '@storegraph/database';
import type { GraphQLResolveInfo } from 'graphql';
import type { HubHost } from './hub.ts';
import type { LoaderHost } from './loader.ts';

/** What the composition root hands to every subgraph. */
export interface Services {
  readonly sealer: Sealer;
}

/** All that a resolver or command may use. One per request. */
export interface Context {
  readonly identity: Identity;
  readonly db: Db;
  readonly clock: Clock;
  readonly log: Logger;
  readonly requestId: string;
  /** The client's address and agent, as the gateway saw them. */
  readonly ip: string | null;
  readonly userAgent: string | null;
  /** Aborts when the caller is gone or the deadline has passed. */
  readonly signal: AbortSignal;
  readonly services: Services;
  /** Calls the factory once per request: `load(loaders).byId.load(id)`. */
  load<T>(factory: (ctx: LoadContext) => T): T;
  /**
   * The same request as another identity that the domain has proven (a log-in, a new store's owner, the system for a job of its own), with a
   * session of its own. The identities of a request share one connection: not to be used inside `db.write`.
   */
  as(identity: Identity): Context;
  /** Calls the factory once per process: what the subscriptions of a live field share. */
  hub<T>(factory: (host: HubHost) => T): T;
}

/** What a loader's factory is given. */
export type LoadContext = Context & LoaderHost;

/** The context as the kernel sees it. */
export interface RequestContext extends LoadContext {
  beginMutation(info: GraphQLResolveInfo, args: Readonly<Record<string, unknown>>): void;
  end(): Promise<void>;
}
