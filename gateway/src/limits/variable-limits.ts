export interface VariableLimits {
  readonly depth: number;
  /** Objects, lists and scalars, all together. */
  readonly values: number;
}

export const defaultVariableLimits: VariableLimits = { depth: 32, values: 20_000 };

/** The first limit that variables exceed, or undefined. Walks without recursion: what comes after it (coercion, JSON.stringify) recurses. */
export function exceededVariableLimit(variables: unknown, limits: VariableLimits): 'variableDepth' | 'variableValues' | undefined {
  let level: unknown[] = [variables];
  let values = 0;
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > limits.depth) return 'variableDepth';
    const next: unknown[] = [];
    for (const value of level) {
      if (typeof value !== 'object' || value === null) continue;
      const inner: unknown[] = Array.isArray(value) ? value : Object.values(value);
      values += inner.length;
      if (values > limits.values) return 'variableValues';
      for (const item of inner) next.push(item);
    }
    level = next;
  }
  return undefined;
}
