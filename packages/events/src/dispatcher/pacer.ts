type Outcome = 'again' | 'busy' | 'quiet';

const longestPauseMs = 5_000;

/** Runs rounds one after another: at once when woken or when there is more to do, else after a pause, which grows while rounds fail. */
export function createPacer(pollMs: number) {
  let stopped = false;
  let woken = false;
  let endPause: () => void = () => undefined;
  // Resolved with the outcome of a round that has begun after the call.
  let waiters: ((outcome: Outcome) => void)[] = [];

  const pause = (milliseconds: number) =>
    new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, milliseconds);
      endPause = () => {
        clearTimeout(timer);
        resolve();
      };
    });

  const wake = () => {
    woken = true;
    endPause();
  };

  return {
    wake,
    stop() {
      stopped = true;
      wake();
    },
    nextRound: () => (stopped ? Promise.resolve<Outcome>('quiet') : new Promise<Outcome>((resolve) => waiters.push(resolve))),
    async loop(round: () => Promise<Outcome>, failed: (error: unknown) => void): Promise<void> {
      let wait = pollMs;
      while (!stopped) {
        woken = false;
        const told = waiters;
        waiters = [];
        let outcome: Outcome = 'busy';
        try {
          outcome = await round();
          wait = pollMs;
        } catch (error) {
          failed(error);
          wait = Math.min(wait * 2, longestPauseMs);
        }
        for (const tell of told) tell(outcome);
        if (outcome !== 'again' && !woken && !stopped) await pause(wait);
      }
      for (const tell of waiters) tell('quiet');
    },
  };
}
