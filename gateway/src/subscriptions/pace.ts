/** How fast somebody may go: a bucket of so many, which fills steadily. */
export interface Pace {
  /** Takes one. False where none is left. */
  keep(): boolean;
}

/** `burst`: what a full bucket holds. `now` in milliseconds, from any beginning. */
export function createPace(
  { burst, perSecond }: { readonly burst: number; readonly perSecond: number },
  now: () => number = () => performance.now(),
): Pace {
  let left = burst;
  let at = now();
  return {
    keep() {
      const moment = now();
      left = Math.min(burst, left + ((moment - at) / 1_000) * perSecond);
      at = moment;
      if (left < 1) return false;
      left -= 1;
      return true;
    },
  };
}
