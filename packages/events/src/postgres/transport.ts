import { decodeJson, silentLogger, type Logger } from '@storegraph/core';
import { openDirect, systemRoleOf } from '@storegraph/database';
import { z } from 'zod';
import { signalChannel } from '../signal.ts';
import type { EventTransport } from '../transport.ts';
import { onAnnounce } from '../wake.ts';
import { createClaims, register } from './claims.ts';
import * as held from './held.ts';
import * as log from './log.ts';

const wakeChannel = 'storegraph_events';
const statementConnections = 2;
/** Commits of this time share one notification. */
const coalesceMs = 20;

const message = z.object({ topic: z.string(), payload: z.unknown() });

export interface PostgresTransportOptions {
  /** A login made by `migrate`: of all domains, or of the one whose reactions run here. The gateway's can do nothing but listen to signals. */
  readonly url: string;
  readonly prefix?: string;
  readonly log?: Logger;
}

/** Events by way of PostgreSQL alone. Polling finds everything; LISTEN and NOTIFY only make it sooner. */
export function createPostgresTransport({
  url,
  prefix = 'storegraph',
  log: logger = silentLogger,
}: PostgresTransportOptions): EventTransport {
  const common = { url, role: systemRoleOf({ url, prefix, kernel: 'events' }), log: logger };
  const direct = openDirect({ ...common, max: statementConnections, applicationName: 'storegraph events' });
  const locks = openDirect({ ...common, max: 1, applicationName: 'storegraph events locks' });
  const claims = createClaims(locks, direct);
  const wakers = new Set<() => void>();
  const topics = new Map<string, Set<(payload: unknown) => void>>();

  const wake = () => {
    for (const listener of wakers) listener();
  };

  let stopListening: (() => Promise<void>) | undefined;

  let announcing: NodeJS.Timeout | undefined;
  const stopAnnouncing = onAnnounce(() => {
    wake();
    announcing ??= setTimeout(() => {
      announcing = undefined;
      direct
        .query('select pg_notify($1, $2)', [wakeChannel, ''])
        .catch((error: unknown) => logger.debug({ error }, 'the other processes will find the events by polling'));
    }, coalesceMs);
  });

  let listening = false;
  function listenToSignals() {
    if (listening) return;
    listening = true;
    direct.listen(signalChannel, (text) => {
      const signal = message.safeParse(decodeJson(text));
      if (!signal.success) return;
      for (const handler of topics.get(signal.data.topic) ?? []) handler(signal.data.payload);
    });
  }

  return {
    register: (consumers) => register(direct, consumers),
    claim: claims.claim,
    held: claims.held,
    release: claims.release,
    news: (names, after) => log.news(direct, names, after),
    read: (consumer, after, upTo, limit) => log.read(direct, consumer, after, upTo, limit),
    progress: (claim, position, begun) => log.progress(direct, claim, position, begun),
    hold: (claim, event, failure) => held.hold(direct, claim, event, failure),
    queue: (claim, events) => held.queue(direct, claim, events),
    due: (claim, consumer) => held.due(direct, claim, consumer),
    settle: (claim, event) => held.settle(direct, claim, event),
    postpone: (claim, event, failure) => held.postpone(direct, claim, event, failure),
    unstrand: (names) => held.unstrand(direct, names),
    retrying: (names) => held.retrying(direct, names),
    states: () => held.states(direct),
    parked: () => held.parked(direct),
    retryParked: async (id, consumer) => {
      const count = await held.retryParked(direct, id, consumer ?? null);
      await direct.query('select pg_notify($1, $2)', [wakeChannel, '']);
      return count;
    },
    requestReplay: async (consumer) => {
      await log.requestReplay(direct, consumer);
      await direct.query('select pg_notify($1, $2)', [wakeChannel, '']);
    },
    rewind: (claim) => log.rewind(direct, claim),
    forgettable: (names) => log.forgettable(direct, names),
    expireSecrets: () => log.expireSecrets(direct),
    onWake(listener) {
      if (wakers.size === 0) stopListening ??= direct.listen(wakeChannel, wake, wake);
      wakers.add(listener);
      return () => wakers.delete(listener);
    },
    onSignal(topic, handler) {
      listenToSignals();
      const handlers = topics.get(topic) ?? new Set();
      topics.set(topic, handlers.add(handler));
      return () => handlers.delete(handler);
    },
    async close() {
      stopAnnouncing();
      clearTimeout(announcing);
      await Promise.all([direct.close(), locks.close()]);
    },
  };
}
