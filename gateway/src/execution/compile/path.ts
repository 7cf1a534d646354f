import { isObject, reader, type Entity } from '../own.ts';

/** Where a fetch's entities stand: response keys, and `@` for the elements of a list. */
export type PlanPath = readonly string[];

/** What an object stands in, and under which key or at which index. */
export type Holder = Entity | unknown[];

/** Without a holder where it is not known. `again` when the entity has been shown before, in another holder. */
export type Visit = (entity: Entity, holder: Holder | undefined, key: string | number, again: boolean) => void;

/** Shows every object at the end of a path, in each of its holders. */
export type ForEach = (from: readonly Entity[], visit: Visit) => void;

/** Compiles a path that has at least one element. `isShared` says where on the way an object or a list can be met more than once: there each is followed once. */
export function compilePath(path: PlanPath, isShared: (path: PlanPath) => boolean): ForEach {
  const last = path.length - 1;
  const steps = path.slice(0, last).map((element, index) => step(element, isShared(path.slice(0, index + 1))));
  const show = lastStep(path[last] ?? '', isShared(path));
  return (from, visit) => {
    let values: readonly unknown[] = from;
    for (const each of steps) values = each(values);
    show(values, visit);
  };
}

type Step = (values: readonly unknown[]) => readonly unknown[];

// Loops by index: these run for every object of every answer, and an iterator would be one more object for each.

function step(element: string, shared: boolean): Step {
  const collect = element === '@' ? elements : members(reader(element));
  return (values) => {
    const found = collect(values);
    return shared && found.length > 1 ? [...new Set(found)] : found;
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

function lastStep(element: string, shared: boolean): (values: readonly unknown[], visit: Visit) => void {
  const show = element === '@' ? eachElement : eachMember(element);
  if (!shared) return show;
  return (values, visit) => {
    const seen = new Set<Entity>();
    show(values, (entity, holder, key) => {
      visit(entity, holder, key, seen.has(entity));
      seen.add(entity);
    });
  };
}

function eachElement(lists: readonly unknown[], visit: Visit): void {
  for (let outer = 0; outer < lists.length; outer += 1) {
    const list: unknown = lists[outer];
    if (!Array.isArray(list)) continue;
    for (let index = 0; index < list.length; index += 1) {
      const value: unknown = list[index];
      if (isObject(value)) visit(value, list, index, false);
    }
  }
}

function eachMember(key: string): (objects: readonly unknown[], visit: Visit) => void {
  const read = reader(key);
  return (objects, visit) => {
    for (let index = 0; index < objects.length; index += 1) {
      const object = objects[index];
      const value = isObject(object) ? read(object) : undefined;
      if (isObject(value)) visit(value, object as Entity, key, false);
    }
  };
}
