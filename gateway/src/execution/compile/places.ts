import { isObject, own, type Entity } from '../own.ts';
import type { PlanPath } from './path.ts';

export type ResponsePath = readonly (string | number)[];

/** Every place in the answer of each object at the end of a path. Walks the whole answer down to there: only for when something went wrong. */
export function placesAt(root: Entity, path: PlanPath): ReadonlyMap<Entity, readonly ResponsePath[]> {
  const places = new Map<Entity, ResponsePath[]>();
  const walk = (value: unknown, depth: number, at: ResponsePath): void => {
    const element = path[depth];
    if (element === '@') {
      if (Array.isArray(value)) value.forEach((each, index) => walk(each, depth + 1, [...at, index]));
    } else if (isObject(value)) {
      if (element !== undefined) walk(own(value, element), depth + 1, [...at, element]);
      else places.set(value, [...(places.get(value) ?? []), at]);
    }
  };
  walk(root, 0, []);
  return places;
}
