import { setOwn, type Entity } from '../own.ts';
import type { Holder, Visit } from './path.ts';
import { isBare, type Representing } from './requires.ts';

/** The objects of the graph that one representation stands for: the object itself where there is but one, as there mostly is. */
export type Group = Entity | readonly Entity[];

export const membersOf = (group: Group): readonly Entity[] => (isMany(group) ? group : [group]);

/** An entity is never an array. */
export const isMany = (group: Group): group is readonly Entity[] => Array.isArray(group);

/** The entities of one fetch, by what they are represented as. */
export interface Groups {
  /** The representations, each once, as JSON texts. */
  readonly texts: readonly string[];
  /** For each representation the objects of the graph that it stands for. */
  readonly targets: readonly Group[];
  /** How many times an object was added. */
  count(): number;
  /** Adds an object of the graph that stands in `holder` under `key`, and can be replaced there; not one that lacks what is required. */
  readonly add: Visit;
}

/**
 * Puts together the entities that are represented the same. Where `unite`, equal objects that say nothing but who they are become one: the other is
 * replaced where it stands, and nothing that follows meets it again. An object that is added from several holders is in its group once.
 */
export function groupEntities(representingOf: (entity: Entity) => Representing, unite: boolean): Groups {
  const texts: string[] = [];
  const targets: (Entity | Entity[])[] = [];
  // Numbers of groups. Objects in their place would cost one more for each entity, of which lists have thousands.
  const byText = new Map<string, number>();
  const byKey = new Map<Representing, Map<string | number, number>>();
  let keys: Map<string | number, number> | undefined;
  let keysOf: Representing | undefined;
  let pushed: Set<Entity> | undefined;
  let count = 0;

  /** The number of the group that the entity belongs to; undefined when it lacks what is required, or is the first of its group. */
  function groupOf(entity: Entity, representing: Representing): number | undefined {
    const value = representing.key?.(entity);
    if (typeof value !== 'string' && typeof value !== 'number') return groupByText(entity, representing);
    const known = keyed(representing);
    const group = known.get(value);
    if (group === undefined) {
      const text = representing.text(entity);
      if (text !== undefined) known.set(value, added(entity, text));
      return undefined;
    }
    // Comparing values costs less than writing another text and finding it.
    if (representing.others?.(entity, firstOf(group)) === false) return groupByText(entity, representing, group);
    count += 1;
    return group;
  }

  /** Those of one type mostly come one after the other. */
  function keyed(representing: Representing): Map<string | number, number> {
    if (keys && keysOf === representing) return keys;
    keys = byKey.get(representing) ?? new Map<string | number, number>();
    byKey.set(representing, keys);
    keysOf = representing;
    return keys;
  }

  /** `likely` is the number of a group that it may belong to. */
  function groupByText(entity: Entity, representing: Representing, likely?: number): number | undefined {
    const text = representing.text(entity);
    if (text === undefined) return undefined;
    const group = likely !== undefined && texts[likely] === text ? likely : byText.get(text);
    if (group === undefined) byText.set(text, added(entity, text));
    else count += 1;
    return group;
  }

  function added(entity: Entity, text: string): number {
    count += 1;
    texts.push(text);
    return targets.push(entity) - 1;
  }

  function firstOf(group: number): Entity {
    const members = targets[group] as Entity | Entity[];
    return Array.isArray(members) ? (members[0] as Entity) : members;
  }

  function push(group: number, entity: Entity): void {
    pushed ??= new Set();
    if (pushed.has(entity)) return;
    pushed.add(entity);
    const members = targets[group] as Entity | Entity[];
    if (Array.isArray(members)) members.push(entity);
    else targets[group] = [members, entity];
  }

  return {
    texts,
    targets,
    count: () => count,
    add(entity, holder, key) {
      const representing = representingOf(entity);
      const group = groupOf(entity, representing);
      if (group === undefined) return;
      const first = firstOf(group);
      if (first === entity) return;
      if (unite && holder && isBare(entity, representing) && isBare(first, representing)) replace(holder, key, first);
      else push(group, entity);
    },
  };
}

function replace(holder: Holder, key: string | number, by: Entity): void {
  if (Array.isArray(holder)) holder[Number(key)] = by;
  else setOwn(holder, String(key), by);
}
