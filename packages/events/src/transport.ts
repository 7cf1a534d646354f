import type { Actor, Origin } from './contract.ts';
import type { ReactionKind } from './reaction.ts';

/** An event as it stands in the log. `payload` and `personal` are the text of core's JSON, `secret` is sealed. */
export interface StoredEvent {
  /** UUID. */
  readonly id: string;
  readonly position: number;
  readonly type: string;
  readonly version: number;
  /** UUID, or null for an event of no store. */
  readonly storeId: string | null;
  readonly aggregate: string;
  readonly occurredAt: Date;
  readonly recordedAt: Date;
  readonly actor: Actor;
  readonly correlationId: string;
  readonly origin: Origin;
  readonly payload: string;
  readonly personal: string | null;
  readonly secret: string | null;
}

export interface ConsumerSpec {
  readonly name: string;
  readonly domain: string;
  readonly kind: ReactionKind;
  readonly types: readonly string[];
}

/** A consumer that this process alone runs, until it loses it. `epoch` tells it from its predecessors and successors. */
export interface Claim {
  readonly name: string;
  readonly epoch: number;
  /** Everything up to here is handled or held. */
  readonly position: number;
  /** Aggregates of which events are held. */
  readonly heldAggregates: readonly string[];
}

export interface News {
  /** The last position given. */
  readonly head: number;
  /** Whether there are events above it already. */
  readonly more: boolean;
  /** Types that have events above the position asked for. */
  readonly types: ReadonlySet<string>;
  /** Consumers that have something held whose time has come. */
  readonly due: ReadonlySet<string>;
  /** Consumers of which a replay is wanted. */
  readonly replays: ReadonlySet<string>;
}

/** An event that is being retried. `attempts` counts this one too. */
export interface DueEvent {
  readonly event: StoredEvent;
  readonly attempts: number;
}

export interface HeldEvent {
  /** TypeID, `evt_…`. */
  readonly id: string;
  readonly consumer: string;
  readonly type: string;
  readonly aggregate: string;
  readonly attempts: number;
  readonly error: string | null;
  readonly parkedAt: Date;
  /** Events of the same aggregate that wait for it. */
  readonly waiting: number;
}

/** How a consumer stands, for operations. */
export interface ConsumerState {
  readonly name: string;
  readonly kind: ReactionKind;
  /** Events that it has yet to begin. */
  readonly behind: number;
  /** Events that have failed, and those that wait behind them. */
  readonly held: number;
  /** Of these, the ones that are not tried again by themselves. */
  readonly parked: number;
}

/** The process does not have the consumer any more: another one may. */
export class ClaimLost extends Error {
  override readonly name = 'ClaimLost';
}

/** What carries events from the log to the dispatchers, and keeps the place of each consumer. */
export interface EventTransport {
  /** Makes the consumers known. A new projection starts at the first event, a new effect behind the last. Gives the last position. */
  register(consumers: readonly ConsumerSpec[]): Promise<number>;
  /** Tries to become the only process that runs these consumers. Gives those that are. */
  claim(names: readonly string[]): Promise<readonly Claim[]>;
  /** Names of the consumers that this process still has. */
  held(): Promise<ReadonlySet<string>>;
  /** Lets the consumers go, to whichever process asks first. */
  release(): Promise<void>;

  /** Gives committed events their positions, and tells what there is to do. */
  news(names: readonly string[], after: number): Promise<News>;
  /** The consumer's own events in (after, upTo], the first `limit` of them. */
  read(consumer: ConsumerSpec, after: number, upTo: number, limit: number): Promise<readonly StoredEvent[]>;
  /** Notes what is done, and what is about to be begun. Throws ClaimLost. */
  progress(claim: Claim, position: number, begun: number): Promise<void>;

  /** Holds an event that has failed, and is to be tried again after `delayMs`; with null it is parked at once. */
  hold(claim: Claim, event: StoredEvent, failure: { readonly error: string; readonly delayMs: number | null }): Promise<void>;
  /** Lets events wait behind those of their aggregate that are held. Where there are none, the first is due. */
  queue(claim: Claim, events: readonly StoredEvent[]): Promise<void>;
  /** The next event whose time has come. Its attempt is counted before it is given. */
  due(claim: Claim, consumer: ConsumerSpec): Promise<DueEvent | undefined>;
  /** It has been handled: the next of its aggregate is due. Tells whether there is one. */
  settle(claim: Claim, event: StoredEvent): Promise<boolean>;
  /** It has failed again: tried again after `delayMs`, or parked. */
  postpone(claim: Claim, event: StoredEvent, failure: { readonly error: string; readonly delayMs: number | null }): Promise<void>;
  /** Makes due what waits behind nothing. */
  unstrand(names: readonly string[]): Promise<void>;
  /** Whether something is held that will be tried again by itself. */
  retrying(names: readonly string[]): Promise<boolean>;

  states(): Promise<readonly ConsumerState[]>;
  parked(): Promise<readonly HeldEvent[]>;
  retryParked(id: string, consumer?: string): Promise<number>;
  requestReplay(consumer: string): Promise<void>;
  /** Puts a projection back to the first event. */
  rewind(claim: Claim): Promise<void>;
  /** Up to which position the domain may forget what it has handled, per consumer. */
  forgettable(names: readonly string[]): Promise<ReadonlyMap<string, number>>;
  /** Blanks secrets that have expired. */
  expireSecrets(): Promise<number>;

  /** Called when there may be news. */
  onWake(listener: () => void): () => void;
  onSignal(topic: string, handler: (payload: unknown) => void): () => void;
  close(): Promise<void>;
}
