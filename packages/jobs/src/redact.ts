// What an operator may see of stored JSON: ids, numbers, words of the program and moments. A text that could be anything is left out, and so is whatever
// would make the answer large.

const most = { depth: 4, keys: 30, items: 20, text: 300 };
const left = '…';

/** Ids, SCREAMING words, names of the program, days and moments: nothing that a person wrote. */
const plain =
  /^(?:[a-z]{2,8}_[0-9a-z]{26}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[A-Z][A-Z0-9_]{0,39}|\d{4}-\d\d-\d\d(?:T[\d:.]{5,12}Z)?|-?\d{1,20}n?)$/;

/** A text, if it is of a known form. Prose is kept as far as it is short, without what looks like an address, a number or a secret. */
export function redacted(text: string, { prose = false } = {}): string {
  if (!prose) return plain.test(text) ? text : left;
  return text
    .slice(0, most.text)
    .replaceAll(/[^\s@]+@[^\s@]+/g, left)
    .replaceAll(/[\w-]{25,}/g, left)
    .replaceAll(/\+?\d[\d ()-]{5,}\d/g, left)
    .replaceAll(/\p{Cc}/gu, ' ');
}

export function redactedObject(value: unknown): Readonly<Record<string, unknown>> | null {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null;
  return shorten(value, 0) as Record<string, unknown>;
}

function shorten(value: unknown, depth: number): unknown {
  if (typeof value === 'string') return redacted(value);
  if (typeof value !== 'object' || value === null) return value;
  if (depth >= most.depth) return left;
  if (Array.isArray(value)) return value.slice(0, most.items).map((item) => shorten(item, depth + 1));
  const entries = Object.entries(value).slice(0, most.keys);
  return Object.fromEntries(entries.map(([key, inner]) => [/^[\w$]{1,60}$/.test(key) ? key : left, shorten(inner, depth + 1)]));
}
