import { isObject, reader, type Entity } from '../own.ts';

/** Where a fetch's entities stand: response keys, and `@` for the elements of a list. */
export type PlanPath = readonly string[];

/** What an object stands in, and under which key or at which index. */
export type Holder = Entity | unknown[];

/** Without a holder where it is not known. */
export type Visit = (entity: Entity, holder: Holder | undefined, key: string | number) => void;

/** Shows every object at the end of a path in each of its holders: one that stands in several of them several times. `shared` as in `Run`. */
export type ForEach = (from: readonly Entity[], shared: Shared, visit: Visit) => void;

type Shared = readonly unknown[];

/**
 * Compiles a path that has at least one element. `sharedBy` says by what (numbers in `Run.shared`) an object or a list on the way can have come to be met
 * more than once: where that has happened, each is followed once.
 */
export function compilePath(path: PlanPath, sharedBy: (path: PlanPath) => readonly number[]): ForEach {
  const last = path.length - 1;
  const steps = path.slice(0, last).map((element, index) => step(element, sharedBy(path.slice(0, index + 1))));
  const [element = ''] = path.slice(last);
  const show = element === '@' ? eachElement : eachMember(element);
  return (from, shared, visit) => {
    let values: readonly unknown[] = from;
    for (const each of steps) values = each(values, shared);
    show(values, visit);
  };
}

type Step = (values: readonly unknown[], shared: Shared) => readonly unknown[];

// Loops by index: these run for every object of every answer, and an iterator would be one more object for each.

function step(element: string, by: readonly number[]): Step {
  const collect = element === '@' ? elements : members(reader(element));
  if (by.length === 0) return collect;
  return (values, shared) => {
    const found = collect(values);
    return found.length > 1 && by.some((number) => shared[number]) ? [...new Set(found)] : found;
  };
}

function elements(lists: readonly unknown[]): unknown[] {
  const found: unknown[] = [];
  for (let outer = 0; outer < lists.length; outer += 1) {
    const list = lists[outer];
    if (!Array.isArray(list)) continue;
    for (let index = 0; index < list.length; index += 1) if (isContainer(list[index])) found.push(list[index]);
  }
  return found;
}

const members =
  (read: (from: Entity) => unknown): ((objects: readonly unknown[]) => unknown[]) =>
  (objects) => {
    const found: unknown[] = [];
    for (let index = 0; index < objects.length; index += 1) {
      const object = objects[index];
      const value = isObject(object) ? read(object) : undefined;
      if (isContainer(value)) found.push(value);
    }
    return found;
  };

const isContainer = (value: unknown) => typeof value === 'object' && value !== null;

function eachElement(lists: readonly unknown[], visit: Visit): void {
  for (let outer = 0; outer < lists.length; outer += 1) {
    const list: unknown = lists[outer];
    if (!Array.isArray(list)) continue;
    for (let index = 0; index < list.length; index += 1) {
      const value: unknown = list[index];
      if (isObject(value)) visit(value, list, index);
    }
  }
}

function eachMember(key: string): (objects: readonly unknown[], visit: Visit) => void {
  const read = reader(key);
  return (objects, visit) => {
    for (let index = 0; index < objects.length; index += 1) {
      const object = objects[index];
      const value = isObject(object) ? read(object) : undefined;
      if (isObject(value)) visit(value, object as Entity, key);
    }
  };
}
