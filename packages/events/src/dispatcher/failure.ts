import { describeFailure as describeError } from '@storegraph/database';
import { EventInvalid } from '../contract.ts';

export interface Retry {
  /** How often an event is tried in all before it is parked. */
  readonly attempts: number;
  readonly firstDelayMs: number;
  readonly longestDelayMs: number;
}

/** About a minute in all: a restart of the database parks nothing. */
export const defaultRetry: Retry = { attempts: 8, firstDelayMs: 500, longestDelayMs: 60_000 };

/** How long to wait after this attempt; null when it was the last. */
export const delayAfter = (attempt: number, { attempts, firstDelayMs, longestDelayMs }: Retry): number | null =>
  attempt >= attempts ? null : Math.min(firstDelayMs * 2 ** (attempt - 1), longestDelayMs);

export const endedWhileHandled = 'The process ended while it was handled.';

/** A breach of contract tells types and fields, which are nobody's; of everything else the message is left out. */
export const describeFailure = (error: unknown): string =>
  error instanceof EventInvalid ? `${error.name}: ${error.message}` : describeError(error);
