import type { SubscriptionSettings } from './settings.ts';

/** What waits for one client to take it: so much, and for so long. */
export interface Outbox {
  /** Sends a message, or gives the client up. Where much waits already, gives what to wait for before more is made. */
  send(text: string): Promise<void> | undefined;
  /** How many messages wait, and since when the first of them does, by `performance.now()`. */
  backlog(): Backlog;
  /** Nobody need wait any more. */
  close(): void;
}

export interface Backlog {
  readonly waiting: number;
  readonly since: number | undefined;
}

interface OutboxOptions {
  /** Hands a message to the system, and is to call back when that has taken it. */
  write(text: string, taken: () => void): void;
  /** Bytes that the system has not taken yet. */
  readonly buffered: () => number;
  /** The client does not keep up. */
  readonly fellBehind: () => void;
  /** Those that are open. */
  readonly open: Set<Outbox>;
  readonly settings: Pick<SubscriptionSettings, 'bufferedBytes' | 'bufferedAnswers' | 'stalledMs'>;
}

export function createOutbox({ write, buffered, fellBehind, open, settings }: OutboxOptions): Outbox {
  /** When each message that waits was sent, in their order: so they are taken. */
  const waiting: number[] = [];
  let room: PromiseWithResolvers<void> | undefined;
  let patience: NodeJS.Timeout | undefined;

  const isHalfFull = () => waiting.length > settings.bufferedAnswers / 2 || buffered() > settings.bufferedBytes / 2;

  function makeRoom(): void {
    clearTimeout(patience);
    room?.resolve();
    room = undefined;
  }

  const taken = () => {
    waiting.shift();
    if (room && !isHalfFull()) makeRoom();
  };

  const outbox: Outbox = {
    send(text) {
      // One alone is sent however large it is: else it could never be.
      if (
        waiting.length > 0 &&
        (waiting.length >= settings.bufferedAnswers || buffered() + Buffer.byteLength(text) > settings.bufferedBytes)
      ) {
        fellBehind();
        return undefined;
      }
      waiting.push(performance.now());
      write(text, taken);
      if (!isHalfFull()) return undefined;
      if (!room) {
        room = Promise.withResolvers();
        patience = setTimeout(fellBehind, settings.stalledMs);
      }
      return room.promise;
    },
    backlog: () => ({ waiting: waiting.length, since: waiting[0] }),
    close() {
      open.delete(outbox);
      makeRoom();
    },
  };
  open.add(outbox);
  return outbox;
}
