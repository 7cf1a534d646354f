/** Remembers what `of` makes of a text, of at most 1,000 texts, and of each for at most 30 seconds: some of them are secrets. */
export function forAWhile<T extends object | string>(of: (text: string) => T): (text: string) => T {
  const known = new Map<string, T>();
  return (text) => {
    const before = known.get(text);
    if (before !== undefined) return before;
    const made = of(text);
    if (known.size < mostTexts) {
      known.set(text, made);
      setTimeout(() => known.delete(text), keptForMs).unref();
    }
    return made;
  };
}

const mostTexts = 1_000;
const keptForMs = 30_000;
