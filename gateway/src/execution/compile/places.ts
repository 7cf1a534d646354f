import { isObject, own, type Entity } from '../own.ts';
import type { PlanPath } from './path.ts';

export type ResponsePath = readonly (string | number)[];

/** At more places than this one object is not looked for. */
const maxPlaces = 100;

/**
 * The places in the answer of the `wanted` objects at the end of a path, at most a hundred of each. Only for when something went wrong. What is shared on the
 * way is followed to each of its places, of which there can be far more than objects: not where it leads to nothing that is still looked for.
 */
export function placesAt(root: Entity, path: PlanPath, wanted: ReadonlySet<Entity>): ReadonlyMap<Entity, readonly ResponsePath[]> {
  const places = new Map<Entity, ResponsePath[]>();
  const barren = path.map(() => new Set<unknown>());
  let found = 0;
  const walk = (value: unknown, depth: number, at: ResponsePath): void => {
    const element = path[depth];
    if (element === undefined) {
      if (isObject(value) && wanted.has(value)) add(value, at);
      return;
    }
    if (barren[depth]?.has(value)) return;
    const before = found;
    if (element !== '@') {
      if (isObject(value)) walk(own(value, element), depth + 1, [...at, element]);
    } else if (Array.isArray(value)) value.forEach((each, index) => walk(each, depth + 1, [...at, index]));
    if (found === before) barren[depth]?.add(value);
  };
  const add = (entity: Entity, at: ResponsePath): void => {
    const known = places.get(entity) ?? [];
    places.set(entity, known);
    if (known.length === maxPlaces) return;
    known.push(at);
    found += 1;
  };
  walk(root, 0, []);
  return places;
}
