/** An object of the result graph. Its keys are response keys, which a client chooses: `constructor` and `__proto__` among them. */
export type Entity = Record<string, unknown>;

export const isObject = (value: unknown): value is Entity => typeof value === 'object' && value !== null && !Array.isArray(value);

const inherited = (key: string): boolean => key in Object.prototype;

/** Reads a key, never what every object inherits. Costs nothing for the keys that nothing inherits. */
export function reader(key: string): (from: Entity) => unknown {
  return inherited(key) ? (from) => (Object.hasOwn(from, key) ? from[key] : undefined) : (from) => from[key];
}

/** Reads a key that is not known beforehand, never what every object inherits. */
export const own = (from: Entity, key: string): unknown => (Object.hasOwn(from, key) ? from[key] : undefined);

/** Sets a key, also one that would otherwise reach the prototype. */
export function setOwn(on: Entity, key: string, value: unknown): void {
  if (key === '__proto__') Object.defineProperty(on, key, { value, configurable: true, enumerable: true, writable: true });
  else on[key] = value;
}
