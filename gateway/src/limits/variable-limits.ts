export interface VariableLimits {
  /** Lists and objects within each other. */
  readonly variableDepth: number;
  /** Objects, lists and scalars, all together. */
  readonly variableValues: number;
  /** Items of one list, and fields of one object. */
  readonly items: number;
}

export const defaultVariableLimits: VariableLimits = { variableDepth: 32, variableValues: 20_000, items: 1_000 };

/** The first limit that variables exceed, or undefined. Walks without recursion: what comes after it (coercion, JSON.stringify) recurses. */
export function exceededVariableLimit(variables: unknown, limits: VariableLimits): keyof VariableLimits | undefined {
  let level: unknown[] = [variables];
  let values = 0;
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > limits.variableDepth) return 'variableDepth';
    const next: unknown[] = [];
    for (const value of level) {
      if (typeof value !== 'object' || value === null) continue;
      const inner: unknown[] = Array.isArray(value) ? value : Object.values(value);
      if (inner.length > limits.items) return 'items';
      values += inner.length;
      if (values > limits.variableValues) return 'variableValues';
      for (const item of inner) next.push(item);
    }
    level = next;
  }
  return undefined;
}
