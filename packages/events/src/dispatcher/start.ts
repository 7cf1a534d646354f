import type { Sealer } from '@storegraph/auth';
import type { Logger } from '@storegraph/core';
import type { Pool } from '@storegraph/database';
import type { Reaction } from '../reaction.ts';
import { ClaimLost, type ConsumerSpec, type EventTransport } from '../transport.ts';
import { apply, forgetHandled, pruneHandled } from './apply.ts';
import { createConsumer, type Consumer } from './consumer.ts';
import { defaultRetry, type Retry } from './failure.ts';
import { createLimit } from './limit.ts';
import { createPacer } from './pacer.ts';

export interface DispatcherOptions {
  readonly transport: EventTransport;
  /** Of the same login as the transport. */
  readonly pool: Pool;
  readonly reactions: readonly { readonly domain: string; readonly reaction: Reaction }[];
  readonly log: Logger;
  /** Opens the secrets that are sealed for these domains. */
  readonly sealer?: Sealer;
  readonly retry?: Retry;
  readonly pollMs?: number;
}

export interface Dispatcher {
  /** Resolves when nothing is being handled any more. The transport stays open. */
  stop(): Promise<void>;
  /** For tests: resolves when all that was emitted before the call, and all that came of it, is handled or parked by the consumers of this process. */
  idle(): Promise<void>;
}

const defaultPollMs = 250;
const claimEveryMs = 1_000;
const housekeepingEveryMs = 60_000;

/** Brings events to this process's reactions. Any number of processes may do so: each consumer runs in one of them. */
export async function startDispatcher(options: DispatcherOptions): Promise<Dispatcher> {
  const { transport, pool, reactions, log, sealer, retry = defaultRetry, pollMs = defaultPollMs } = options;
  const specs = specsOf(reactions);
  const names = [...specs.keys()];
  const consumers = new Map<string, Consumer>();
  // A consumer that is at this position or above it is told by `news` whether there is anything for it.
  let seen = await transport.register([...specs.values()].map(({ spec }) => spec));
  // Requests need connections too.
  const slots = createLimit(Math.max(1, Math.floor(pool.max / 2)));
  const pacer = createPacer(pollMs);
  let claimAt = 0;
  let tidyAt = Date.now() + housekeepingEveryMs;

  function adopt(claim: Consumer['claim']): void {
    const found = specs.get(claim.name);
    if (!found) return;
    const { spec, reaction } = found;
    const { domain } = spec;
    const context = {
      spec,
      transport,
      retry,
      log,
      slots,
      apply: (event: Parameters<typeof apply>[1]) => apply({ pool, domain, reaction, sealer }, event),
      forgetHandled: () => forgetHandled(pool, domain, spec.name),
    };
    const consumer = createConsumer(context, claim, (error) => {
      if (error instanceof ClaimLost && consumers.get(spec.name) === consumer) consumers.delete(spec.name);
      if (error === undefined) pacer.wake();
      else log.warn({ consumer: spec.name, error }, 'a consumer was interrupted');
    });
    consumers.set(claim.name, consumer);
  }

  async function claimWhatIsFree(): Promise<void> {
    const held = await transport.held();
    for (const [name, consumer] of consumers) {
      if (held.has(name)) continue;
      consumers.delete(name);
      void consumer.stop();
    }
    for (const claim of await transport.claim(names.filter((name) => !consumers.has(name)))) adopt(claim);
  }

  async function tidy(): Promise<void> {
    await transport.expireSecrets();
    for (const consumer of consumers.values()) await consumer.save();
    await transport.unstrand([...consumers.keys()]);
    for (const [name, upTo] of await transport.forgettable([...consumers.keys()])) {
      const domain = specs.get(name)?.spec.domain;
      if (domain !== undefined) await pruneHandled(pool, domain, name, upTo);
    }
  }

  /** Gives whether there is nothing left to do. */
  async function round(): Promise<'again' | 'busy' | 'quiet'> {
    if (Date.now() >= claimAt) {
      await claimWhatIsFree();
      claimAt = Date.now() + claimEveryMs;
    }
    if (Date.now() >= tidyAt) {
      await tidy();
      tidyAt = Date.now() + housekeepingEveryMs;
    }
    const { head, more, types, due, replays } = await transport.news([...consumers.keys()], seen);
    for (const [name, consumer] of consumers) {
      const replay = replays.has(name);
      const wanted = specs.get(name)?.spec.types.some((type) => types.has(type)) ?? false;
      if (!consumer.busy() && !replay && !due.has(name) && !wanted && consumer.position() >= seen) consumer.skipTo(head);
      else if (replay || due.has(name) || consumer.position() < head) consumer.run(head, replay);
    }
    seen = head;
    if (more) return 'again';
    return [...consumers.values()].some((consumer) => consumer.busy() || consumer.position() < head) ? 'busy' : 'quiet';
  }

  await claimWhatIsFree();
  const stopWaking = transport.onWake(() => pacer.wake());
  const loop = pacer.loop(round, (error) => log.warn({ error }, 'the event log could not be read'));

  return {
    async stop() {
      stopWaking();
      pacer.stop();
      await loop;
      await Promise.all([...consumers.values()].map((consumer) => consumer.stop()));
      await transport.release().catch((error: unknown) => log.debug({ error }, 'the consumers go free with the connection'));
    },
    async idle() {
      pacer.wake();
      while ((await pacer.nextRound()) !== 'quiet' || (await transport.retrying([...consumers.keys()])));
    },
  };
}

function specsOf(reactions: DispatcherOptions['reactions']): Map<string, { spec: ConsumerSpec; reaction: Reaction }> {
  const specs = new Map<string, { spec: ConsumerSpec; reaction: Reaction }>();
  for (const { domain, reaction } of reactions) {
    if (!reaction.name.startsWith(`${domain}.`))
      throw new Error(`The name of ${reaction.name}, a reaction of ${domain}, begins with another domain`);
    if (specs.has(reaction.name)) throw new Error(`There are two reactions of the name ${reaction.name}`);
    const types = [...new Set(reaction.on.map(({ type }) => type))].toSorted();
    specs.set(reaction.name, { spec: { name: reaction.name, domain, kind: reaction.kind, types }, reaction });
  }
  return specs;
}
