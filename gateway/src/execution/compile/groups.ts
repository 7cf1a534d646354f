import { setOwn, type Entity } from '../own.ts';
import type { Holder, Visit } from './path.ts';
import { isBare, type Representing } from './requires.ts';

/** The entities of one fetch, by what they are represented as. */
export interface Groups {
  /** The representations, each once, as JSON texts. */
  readonly texts: string[];
  /** For each representation the objects of the graph that it stands for. */
  readonly targets: Entity[][];
  /** How many objects were added. */
  count(): number;
  /** Adds an object of the graph that stands in `holder` under `key`, and can be replaced there; not one that lacks what is required. `again` when it stood in another holder before. */
  readonly add: Visit;
}

/**
 * Puts together the entities that are represented the same. Where `unite`, equal objects that say nothing but who they are become one: the other is
 * replaced where it stands, and nothing that follows meets it again.
 */
export function groupEntities(representingOf: (entity: Entity) => Representing, unite: boolean): Groups {
  const texts: string[] = [];
  const targets: Entity[][] = [];
  const byText = new Map<string, Entity[]>();
  const byKey = new Map<Representing, Map<string | number, Entity[]>>();
  let count = 0;

  function added(text: string, entity: Entity): Entity[] {
    const group = [entity];
    texts.push(text);
    targets.push(group);
    return group;
  }

  /** The group that the entity belongs to, if it is not the first of its own. */
  function groupOf(entity: Entity, representing: Representing): Entity[] | undefined {
    const value = representing.key?.(entity);
    if (typeof value !== 'string' && typeof value !== 'number') return groupByText(entity, representing);
    let ofType = byKey.get(representing);
    if (!ofType) byKey.set(representing, (ofType = new Map<string | number, Entity[]>()));
    const group = ofType.get(value);
    if (!group) ofType.set(value, added(representing.text(entity) ?? '', entity));
    count += 1;
    return group;
  }

  function groupByText(entity: Entity, representing: Representing): Entity[] | undefined {
    const text = representing.text(entity);
    if (text === undefined) return undefined;
    const group = byText.get(text);
    if (!group) byText.set(text, added(text, entity));
    count += 1;
    return group;
  }

  return {
    texts,
    targets,
    count: () => count,
    add(entity, holder, key, again) {
      const representing = representingOf(entity);
      const group = groupOf(entity, representing);
      if (!group) return;
      const first = group[0] as Entity;
      if (first === entity) return;
      if (unite && holder && isBare(entity, representing) && isBare(first, representing)) replace(holder, key, first);
      else if (!again) group.push(entity);
    },
  };
}

function replace(holder: Holder, key: string | number, by: Entity): void {
  if (Array.isArray(holder)) holder[Number(key)] = by;
  else setOwn(holder, String(key), by);
}
