export interface BackoffOptions {
  /** The longest first wait, in milliseconds. Doubles with each loss in a row. Default 500. */
  readonly first?: number;
  /** The longest wait of all, in milliseconds. Default 15,000. */
  readonly most?: number;
  /** Gives a number from 0 up to, and not including, 1. Default `Math.random`. */
  readonly random?: () => number;
}

/** How long to wait after so many failures in a row, in milliseconds: anything from nothing to the longest ("full jitter"), so that clients which lost the same server come back spread out. */
export function waitAfter(failures: number, { first = 500, most = 15_000, random = Math.random }: BackoffOptions): number {
  return random() * Math.min(most, first * 2 ** (failures - 1));
}

/** Waits so many milliseconds, or until the signal. */
export function sleep(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) {
      resolve();
      return;
    }
    const end = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, milliseconds);
    signal.addEventListener('abort', end);
  });
}
