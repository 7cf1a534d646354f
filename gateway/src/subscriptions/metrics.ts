import { Counter, Gauge, type Registry } from 'prom-client';
import type { Outbox } from './outbox.ts';

export interface SubscriptionMetrics {
  readonly sockets: Gauge;
  readonly streams: Gauge;
  readonly subscriptions: Gauge;
  readonly upstreams: Gauge;
  /** Answers to subscriptions, as sent to each client. */
  readonly events: Counter;
  /** What waits for clients to take it. */
  readonly outboxes: Set<Outbox>;
  /** Ended connections, by close code. */
  closed(code: number): void;
}

export function createSubscriptionMetrics(registry: Registry): SubscriptionMetrics {
  const registers = [registry];
  const gauge = (name: string, help: string) => new Gauge({ name: `storegraph_gateway_${name}`, help, registers });
  const outboxes = new Set<Outbox>();
  const backlogs = () => [...outboxes].map((outbox) => outbox.backlog());
  void new Gauge({
    name: 'storegraph_gateway_waiting_messages',
    help: 'Messages that were sent to WebSockets and event streams, and that the system has not taken yet.',
    registers,
    collect() {
      this.set(backlogs().reduce((sum, { waiting }) => sum + waiting, 0));
    },
  });
  void new Gauge({
    name: 'storegraph_gateway_lag_seconds',
    help: 'For how long the oldest of them has been waiting: how far the slowest client is behind.',
    registers,
    collect() {
      const now = performance.now();
      this.set(backlogs().reduce((longest, { since = now }) => Math.max(longest, now - since), 0) / 1_000);
    },
  });
  const closes = new Counter({
    name: 'storegraph_gateway_connections_closed_total',
    help: 'WebSockets that ended, by close code.',
    labelNames: ['code'],
    registers,
  });
  return {
    sockets: gauge('sockets', 'Open WebSockets.'),
    streams: gauge('event_streams', 'Open event streams.'),
    subscriptions: gauge('subscriptions', 'Subscriptions of clients that are open.'),
    upstreams: gauge('upstreams', 'Subscriptions of the gateway at subgraphs, each shared by the clients that asked for the same.'),
    events: new Counter({ name: 'storegraph_gateway_events_total', help: 'Answers sent to subscriptions.', registers }),
    outboxes,
    closed: (code) => closes.inc({ code: known(code) }),
  };
}

/** A client may close with any of thousands of codes; a label may not have thousands of values. */
const known = (code: number): string =>
  (code >= 1000 && code <= 1015) || (code >= 4400 && code <= 4429) || code === 4499 || code === 4500 ? String(code) : 'other';
