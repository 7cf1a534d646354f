/** How connections that stay are treated. Each can be set in the gateway's options. */
export interface SubscriptionSettings {
  /** WebSockets and event streams from one address. */
  readonly connectionsPerAddress: number;
  /** WebSockets and event streams of one store. */
  readonly connectionsPerStore: number;
  /** Operations that may be under way on one WebSocket. */
  readonly operationsPerSocket: number;
  /** The largest message that a client may send over a WebSocket. */
  readonly messageBytes: number;
  /** Messages, pings and pongs of a client on one WebSocket: so many at once, … */
  readonly messagesAtOnce: number;
  /** … and so many each second in the long run. */
  readonly messagesPerSecond: number;
  /** The longest name that a client may give an operation on a WebSocket: each answer repeats it. */
  readonly idCharacters: number;
  /** How long after it opened a WebSocket may take to say who it is. */
  readonly initWithinMs: number;
  /** How often a connection is asked whether it is alive. One that has not answered when it is asked again is ended. */
  readonly heartbeatMs: number;
  /** What may wait for a client that does not take it, in bytes and in answers. */
  readonly bufferedBytes: number;
  readonly bufferedAnswers: number;
  /** How long more than half of that may wait. */
  readonly stalledMs: number;
  /** How often it is looked whether credentials have expired. */
  readonly expiryEveryMs: number;
  /** How long an identity is believed before its credential is exchanged anew. */
  readonly recheckMs: number;
  /** For how long at most when nobody answers who could exchange it. */
  readonly believedMs: number;
  /** Events of one subscription whose answers may be under way at once. */
  readonly answersAtOnce: number;
  /** Connections that must be made anew are ended one by one over such a time: after a reload, … */
  readonly reloadOverMs: number;
  /** … when a subgraph was lost, … */
  readonly lossOverMs: number;
  /** … and when the gateway closes. */
  readonly closeOverMs: number;
  /** How long a connection's queries and mutations may take before it is ended all the same. */
  readonly finishWithinMs: number;
}

export const defaultSubscriptionSettings: SubscriptionSettings = {
  connectionsPerAddress: 200,
  connectionsPerStore: 10_000,
  operationsPerSocket: 100,
  messageBytes: 64 * 1024,
  // Who comes back subscribes to everything at once.
  messagesAtOnce: 500,
  messagesPerSecond: 100,
  idCharacters: 256,
  initWithinMs: 5_000,
  heartbeatMs: 12_000,
  bufferedBytes: 1024 * 1024,
  bufferedAnswers: 1_000,
  stalledMs: 10_000,
  expiryEveryMs: 500,
  recheckMs: 25_000,
  believedMs: 30_000,
  answersAtOnce: 8,
  reloadOverMs: 5_000,
  lossOverMs: 1_000,
  closeOverMs: 1_000,
  finishWithinMs: 2_200,
};
