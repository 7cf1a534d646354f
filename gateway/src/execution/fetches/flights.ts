import { copy } from '../compile/merge.ts';
import type { FetchAnswer } from '../contract.ts';

/** Reads under way, so that an equal one of the same identity can wait for the same answer. */
export interface Flights {
  /**
   * Joins the flight of that key and identity, or starts it. Each gets an answer of its own. One that is aborted gets an empty one at once; the last one to
   * be aborted ends the flight. Rejects with what `start` rejects with.
   */
  join(
    identity: object,
    key: string,
    start: (signal: AbortSignal) => Promise<FetchAnswer>,
    signal: AbortSignal | undefined,
  ): Promise<FetchAnswer>;
  /** Lets nobody join what is under way now: something has been written that it may not have seen. */
  close(): void;
}

interface Flight {
  readonly controller: AbortController;
  readonly departed: number;
  /** Those who still wait. */
  readonly waiting: Set<(answer: FetchAnswer | Promise<FetchAnswer>) => void>;
}

/**
 * For how long a flight can be joined, in milliseconds. One call that hangs then costs those who came at the same time, not everybody until its deadline;
 * and nobody is given what was read long before he asked.
 */
const joinableMs = 100;

const nothing: FetchAnswer = { data: null, errors: [] };

/** `now` in milliseconds, from any beginning. */
export function createFlights(now: () => number = () => performance.now()): Flights {
  let open = new WeakMap<object, Map<string, Flight>>();

  function depart(flights: Map<string, Flight>, key: string, start: (signal: AbortSignal) => Promise<FetchAnswer>): Flight {
    const flight: Flight = { controller: new AbortController(), departed: now(), waiting: new Set() };
    const landing = start(flight.controller.signal);
    landing.then(
      (answer) => land((isLast) => (isLast ? answer : copied(answer))),
      () => land(() => landing),
    );
    flights.set(key, flight);
    return flight;

    function land(answerFor: (isLast: boolean) => FetchAnswer | Promise<FetchAnswer>): void {
      if (flights.get(key) === flight) flights.delete(key);
      let left = flight.waiting.size;
      // Whoever waits goes on only after this, so each copy is made of what was received.
      for (const give of flight.waiting) {
        left -= 1;
        give(answerFor(left === 0));
      }
    }
  }

  return {
    join(identity, key, start, signal) {
      const flights = open.get(identity) ?? new Map<string, Flight>();
      open.set(identity, flights);
      const known = flights.get(key);
      const flight = known && now() - known.departed < joinableMs ? known : depart(flights, key, start);
      return new Promise((resolve) => {
        const leave = () => {
          flight.waiting.delete(give);
          if (flight.waiting.size === 0) {
            if (flights.get(key) === flight) flights.delete(key);
            flight.controller.abort(signal?.reason);
          }
          resolve(nothing);
        };
        const give = (answer: FetchAnswer | Promise<FetchAnswer>) => {
          signal?.removeEventListener('abort', leave);
          resolve(answer);
        };
        flight.waiting.add(give);
        signal?.addEventListener('abort', leave, { once: true });
      });
    },
    close() {
      open = new WeakMap();
    },
  };
}

/** Rejects where data is too deep to be copied, and does no harm to whoever else waits. */
const copied = async ({ data, errors }: FetchAnswer): Promise<FetchAnswer> => ({ data: copy(data), errors });
