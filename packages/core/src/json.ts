/** JSON that keeps bigint and Date exact, for answers that are stored and given again. */
export function encodeJson(value: unknown): string {
  return JSON.stringify(tag(value));
}

export function decodeJson(text: string): unknown {
  return untag(JSON.parse(text));
}

function tag(value: unknown): unknown {
  if (typeof value === 'bigint') return { $bigint: value.toString() };
  if (value instanceof Date) return { $date: value.toISOString() };
  if (Array.isArray(value)) return value.map(tag);
  if (isRecord(value)) {
    // A key of the value's own that starts with `$` is escaped, so that no stored value can pass for a tag.
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key.startsWith('$') ? `$${key}` : key, tag(inner)]));
  }
  return value;
}

function untag(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(untag);
  if (!isRecord(value)) return value;
  if (typeof value['$bigint'] === 'string') return BigInt(value['$bigint']);
  if (typeof value['$date'] === 'string') return new Date(value['$date']);
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key.startsWith('$$') ? key.slice(1) : key, untag(inner)]));
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;
