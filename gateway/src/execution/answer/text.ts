// What JSON has to escape: quotes, backslashes, control characters, and surrogates, of which one without its other half must not stand in UTF-8.
const special = /["\\\u0000-\u001f\ud800-\udfff]/;

/** A text as JSON. */
export const quoted = (text: string): string => (special.test(text) ? JSON.stringify(text) : `"${text}"`);

/** Any value as JSON; what JSON does not know is null. */
export function jsonText(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return quoted(value);
    case 'number':
      return Number.isFinite(value) ? String(value) : 'null';
    case 'boolean':
      return value ? 'true' : 'false';
    case 'object':
      return value === null ? 'null' : objectText(value);
    default:
      return 'null';
  }
}

/** An object may stand for itself by a `toJSON` that gives nothing. */
function objectText(value: object): string {
  const text: unknown = JSON.stringify(value);
  return typeof text === 'string' ? text : 'null';
}
