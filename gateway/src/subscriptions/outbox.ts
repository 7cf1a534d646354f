import type { SubscriptionSettings } from './settings.ts';

/** What waits for one client to take it: so much, and for so long. */
export interface Outbox {
  /** Sends a message, or gives the client up. Where much waits already, gives what to wait for before more is made. */
  send(text: string): Promise<void> | undefined;
  /** Nobody need wait any more. */
  close(): void;
}

interface OutboxOptions {
  /** Hands a message to the system, and is to call back when that has taken it. */
  write(text: string, taken: () => void): void;
  /** Bytes that the system has not taken yet. */
  readonly buffered: () => number;
  /** The client does not keep up. */
  readonly fellBehind: () => void;
  readonly settings: Pick<SubscriptionSettings, 'bufferedBytes' | 'bufferedAnswers' | 'stalledMs'>;
}

export function createOutbox({ write, buffered, fellBehind, settings }: OutboxOptions): Outbox {
  let waiting = 0;
  let room: PromiseWithResolvers<void> | undefined;
  let patience: NodeJS.Timeout | undefined;

  const isHalfFull = () => waiting > settings.bufferedAnswers / 2 || buffered() > settings.bufferedBytes / 2;

  function makeRoom(): void {
    clearTimeout(patience);
    room?.resolve();
    room = undefined;
  }

  const taken = () => {
    waiting -= 1;
    if (room && !isHalfFull()) makeRoom();
  };

  return {
    send(text) {
      const full = waiting >= settings.bufferedAnswers || buffered() + Buffer.byteLength(text) > settings.bufferedBytes;
      // One alone is sent however large it is: else it could never be.
      if (full && waiting > 0) {
        fellBehind();
        return undefined;
      }
      waiting += 1;
      write(text, taken);
      if (!isHalfFull()) return undefined;
      if (!room) {
        room = Promise.withResolvers();
        patience = setTimeout(fellBehind, settings.stalledMs);
      }
      return room.promise;
    },
    close: makeRoom,
  };
}
