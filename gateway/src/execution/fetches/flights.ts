import { copy } from '../compile/merge.ts';
import type { FetchAnswer } from '../contract.ts';

/** Reads under way, so that an equal one of the same identity can wait for the same answer. */
export interface Flights {
  /** Joins the flight of that key and identity, or starts it. Each gets an answer of its own. One that is aborted gets an empty one at once; the last one to be aborted ends the flight. */
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
  /** Those who still wait. */
  readonly waiting: Set<(answer: FetchAnswer) => void>;
}

const nothing: FetchAnswer = { data: null, errors: [] };

export function createFlights(): Flights {
  let open = new WeakMap<object, Map<string, Flight>>();

  function depart(flights: Map<string, Flight>, key: string, start: (signal: AbortSignal) => Promise<FetchAnswer>): Flight {
    const flight: Flight = { controller: new AbortController(), waiting: new Set() };
    flights.set(key, flight);
    start(flight.controller.signal).then(
      (answer) => land(answer),
      () => land(nothing),
    );
    return flight;

    function land(answer: FetchAnswer): void {
      if (flights.get(key) === flight) flights.delete(key);
      let left = flight.waiting.size;
      // Whoever waits goes on only after this, so each copy is made of what was received.
      for (const give of flight.waiting) {
        left -= 1;
        give(left === 0 ? answer : { data: copy(answer.data), errors: answer.errors });
      }
    }
  }

  return {
    join(identity, key, start, signal) {
      const flights = open.get(identity) ?? new Map<string, Flight>();
      open.set(identity, flights);
      const flight = flights.get(key) ?? depart(flights, key, start);
      return new Promise((resolve) => {
        const leave = () => {
          flight.waiting.delete(give);
          if (flight.waiting.size === 0) {
            if (flights.get(key) === flight) flights.delete(key);
            flight.controller.abort(signal?.reason);
          }
          resolve(nothing);
        };
        const give = (answer: FetchAnswer) => {
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
