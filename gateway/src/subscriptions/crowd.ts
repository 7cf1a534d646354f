/** Counts by key, up to a limit. */
export interface Crowd {
  /** Gives the function that leaves again; null where it is full. */
  enter(key: string): (() => void) | null;
}

export function createCrowd(most: number): Crowd {
  const counts = new Map<string, number>();
  return {
    enter(key) {
      const count = counts.get(key) ?? 0;
      if (count >= most) return null;
      counts.set(key, count + 1);
      let left = false;
      return () => {
        if (left) return;
        left = true;
        const rest = (counts.get(key) ?? 1) - 1;
        if (rest > 0) counts.set(key, rest);
        else counts.delete(key);
      };
    },
  };
}
