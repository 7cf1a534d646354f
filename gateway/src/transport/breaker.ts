import type { BreakerState } from './transport.ts';

export interface BreakerOptions {
  /** So many failures in a row open it. */
  readonly failures?: number;
  /** How long it stays open at first; twice as long after each attempt that fails, up to the longest. */
  readonly openMs?: number;
  readonly longestOpenMs?: number;
  /** Milliseconds that only ever grow. */
  readonly now?: () => number;
}

export interface Breaker {
  state(): BreakerState;
  /** Asks to make a call. Null: not now. Else the one function to report with: whether the call reached its subgraph, or null for a call that says nothing. */
  enter(): ((reached: boolean | null) => void) | null;
}

/**
 * Leaves a subgraph alone that has failed again and again, so that nobody waits for what will not come, and it can recover. After a while one call
 * goes through as a probe: its outcome closes the breaker, or opens it again for longer.
 */
export function createBreaker({
  failures = 10,
  openMs = 250,
  longestOpenMs = 4_000,
  now = () => performance.now(),
}: BreakerOptions = {}): Breaker {
  let failed = 0;
  let pause = openMs;
  let openUntil = 0;
  let probing = false;

  const isOpen = () => failed >= failures;

  function report(isProbe: boolean, reached: boolean | null): void {
    if (isProbe) probing = false;
    if (reached === null) return;
    if (reached) {
      failed = 0;
      pause = openMs;
      return;
    }
    // What was sent before it opened tells nothing new when it fails.
    if (isOpen() && !isProbe) return;
    failed += 1;
    if (!isOpen()) return;
    if (isProbe) pause = Math.min(pause * 2, longestOpenMs);
    openUntil = now() + pause;
  }

  return {
    state: () => (!isOpen() ? 'closed' : now() < openUntil ? 'open' : 'half-open'),
    enter() {
      const isProbe = isOpen();
      if (isProbe && (probing || now() < openUntil)) return null;
      if (isProbe) probing = true;
      let reported = false;
      return (reached) => {
        if (reported) return;
        reported = true;
        report(isProbe, reached);
      };
    },
  };
}
