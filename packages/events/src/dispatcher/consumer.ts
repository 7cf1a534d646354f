import type { Logger } from '@storegraph/core';
import type { Claim, ConsumerSpec, EventTransport, StoredEvent } from '../transport.ts';
import { delayAfter, describeFailure, endedWhileHandled, type Retry } from './failure.ts';
import { createLimit, type Limit } from './limit.ts';

export interface ConsumerContext {
  readonly spec: ConsumerSpec;
  readonly transport: EventTransport;
  readonly retry: Retry;
  readonly log: Logger;
  /** Shared by all consumers of the process. */
  readonly slots: Limit;
  readonly apply: (event: StoredEvent) => Promise<void>;
  readonly forgetHandled: () => Promise<void>;
}

export interface Consumer {
  readonly claim: Claim;
  position(): number;
  busy(): boolean;
  /** Goes on up to `head`, unless it is at it already. What it throws is for `failed`. */
  run(head: number, replay: boolean): void;
  /** There is nothing for it up to here. */
  skipTo(head: number): void;
  /** Notes a position that was reached by skipping, which is not done each time. */
  save(): Promise<void>;
  /** Resolves when the events that are being handled are done; the others are left for the next process. */
  stop(): Promise<void>;
}

const batchSize = 100;
const lanes = 4;
/** So that one aggregate's long queue does not keep the others waiting. */
const mostRetriesInARow = 100;

export function createConsumer(context: ConsumerContext, claim: Claim, finished: (error?: unknown) => void): Consumer {
  const { spec, transport, retry, log, slots } = context;
  const heldAggregates = new Set(claim.heldAggregates);
  const lane = createLimit(lanes);
  let { position } = claim;
  let saved = position;
  let stopping = false;
  let running: Promise<void> | undefined;

  async function save(): Promise<void> {
    if (saved === position) return;
    await transport.progress(claim, position, position);
    saved = position;
  }

  async function retryDue(): Promise<void> {
    for (let count = 0; count < mostRetriesInARow && !stopping; count++) {
      const due = await transport.due(claim, spec);
      if (!due) return;
      const { event, attempts } = due;
      if (attempts > retry.attempts) {
        // Counted before it ran, and never heard of again.
        await transport.postpone(claim, event, { error: endedWhileHandled, delayMs: null });
        report(event, attempts, null, undefined);
        continue;
      }
      try {
        await slots(() => context.apply(event));
      } catch (error) {
        const delayMs = delayAfter(attempts, retry);
        await transport.postpone(claim, event, { error: describeFailure(error), delayMs });
        report(event, attempts, delayMs, error);
        continue;
      }
      if (!(await transport.settle(claim, event))) heldAggregates.delete(event.aggregate);
    }
  }

  async function inOrder(events: readonly StoredEvent[]): Promise<void> {
    for (const [index, event] of events.entries()) {
      if (stopping) return;
      if (heldAggregates.has(event.aggregate)) return transport.queue(claim, events.slice(index));
      try {
        await slots(() => context.apply(event));
      } catch (error) {
        const delayMs = delayAfter(1, retry);
        // Before the answer, which may be lost: what comes after it is queued all the same.
        heldAggregates.add(event.aggregate);
        await transport.hold(claim, event, { error: describeFailure(error), delayMs });
        report(event, 1, delayMs, error);
      }
    }
  }

  async function advance(head: number): Promise<void> {
    while (position < head && !stopping) {
      const batch = await transport.read(spec, position, head, batchSize);
      const last = batch.at(-1);
      if (!last) {
        position = head;
        return;
      }
      const end = batch.length < batchSize ? head : last.position;
      await transport.progress(claim, position, end);
      await allSettled([...Map.groupBy(batch, ({ aggregate }) => aggregate).values()].map((events) => lane(() => inOrder(events))));
      if (stopping) {
        // Nothing is under way any more: the next process reads the batch again, and skips what is marked as handled.
        await transport.progress(claim, position, position);
        return;
      }
      position = end;
      await save();
    }
  }

  async function cycle(head: number, replay: boolean): Promise<void> {
    if (replay) {
      await context.forgetHandled();
      // Before the answer, which may be lost. Until it is rewound the replay stays requested.
      position = saved = 0;
      heldAggregates.clear();
      await transport.rewind(claim);
    }
    await retryDue();
    await advance(head);
  }

  function report(event: StoredEvent, attempt: number, delayMs: number | null, error: unknown) {
    const fields = { consumer: spec.name, event: event.type, eventId: event.id, attempt, ...(error === undefined ? {} : { error }) };
    if (delayMs === null) log.error(fields, 'an event is parked');
    else log.warn({ ...fields, milliseconds: delayMs }, 'an event failed and will be tried again');
  }

  return {
    claim,
    position: () => position,
    busy: () => running !== undefined,
    run(head, replay) {
      if (running || stopping) return;
      running = cycle(head, replay)
        .then(
          () => undefined,
          (error: unknown) => error ?? new Error('unknown'),
        )
        .then((error) => {
          running = undefined;
          finished(error);
        });
    },
    skipTo(head) {
      if (!running) position = Math.max(position, head);
    },
    save: () => (running ? Promise.resolve() : save()),
    async stop() {
      stopping = true;
      await running;
      await save().catch((error: unknown) => log.debug({ consumer: spec.name, error }, 'the position was not saved'));
    },
  };
}

/** Waits for all of them, then throws the first failure: nothing goes on unseen. */
async function allSettled(work: readonly Promise<void>[]): Promise<void> {
  for (const result of await Promise.allSettled(work)) if (result.status === 'rejected') throw result.reason;
}
