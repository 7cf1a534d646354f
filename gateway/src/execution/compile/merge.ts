import { isObject, own, setOwn, type Entity } from '../own.ts';

/** Puts what was received into the graph: objects into objects, lists of one length element by element, anything else in place of what was there. */
export function merge(target: Entity, source: Entity): void {
  for (const key in source) {
    const given = source[key];
    if (given === undefined) continue;
    if (typeof given !== 'object' || given === null) setOwn(target, key, given);
    else mergeObject(target, key, given);
  }
}

function mergeObject(target: Entity, key: string, given: object): void {
  const there = own(target, key);
  if (isObject(there) && isObject(given)) {
    if (there !== given) merge(there, given);
  } else if (Array.isArray(there) && Array.isArray(given) && there.length === given.length) {
    if (there !== given) mergeList(there, given);
  } else setOwn(target, key, given);
}

function mergeList(target: unknown[], source: readonly unknown[]): void {
  for (let index = 0; index < source.length; index += 1) {
    const [there, given] = [target[index], source[index]];
    if (isObject(there) && isObject(given)) merge(there, given);
    else target[index] = given;
  }
}

/** A copy of JSON data that shares nothing with it. */
export function copy<T>(value: T): T;
export function copy(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((element: unknown) => copy(element));
  const made: Entity = {};
  for (const key in value) setOwn(made, key, copy((value as Entity)[key]));
  return made;
}
