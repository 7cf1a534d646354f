import { Kind, valueFromASTUntyped, type SelectionSetNode } from 'graphql';
import type { Facts } from './facts.ts';
import { canonical, hash, isRecord, pick } from './hash.ts';

/** A thing of the data. The same type and number is the same thing in every subgraph. */
export interface Thing {
  readonly typename: string;
  readonly number: number;
  /** How the gateway referred to it, when it did. */
  readonly reference?: Readonly<Record<string, unknown>>;
}

/** The data behind all subgraphs: nothing is stored, all of it follows from the seed, and things refer to each other in circles. */
export interface World {
  /** The value of a field: leaves as JSON, things, or lists of them. */
  value(thing: Thing, field: string, args: Readonly<Record<string, unknown>>): unknown;
  /** What a selection of key or required fields gives, as in a reference. */
  project(thing: Thing, selection: SelectionSetNode): Record<string, unknown>;
  /** The part of a reference that a selection names: it may hold what other fields required. */
  narrowed(reference: Readonly<Record<string, unknown>>, selection: SelectionSetNode): Record<string, unknown>;
  /** Every thing of an entity type, or of those that implement it. */
  entities(typename: string): readonly Thing[];
}

/** How many of each entity there are: few, so that they meet again. */
const population = 3;

export const isThing = (value: unknown): value is Thing => isRecord(value) && typeof value['typename'] === 'string';

export function createWorld(facts: Facts, seed: number): World {
  function leaf(typename: string, field: string, scalar: string, chance: number, unique: number | undefined): unknown {
    switch (scalar) {
      case 'Int':
        return unique === undefined ? chance % 1000 : unique + 1000;
      case 'Float':
        return (chance % 1000) / 4;
      case 'Boolean':
        return chance % 2 === 0;
      case 'String':
      case 'ID':
        return unique === undefined ? `${field} ${(chance % 4096).toString(36)}` : `${typename}.${field}.${unique}`;
      default:
        return pick<unknown>(['free', 7, { deep: [chance % 10, null] }, ['a', { b: true }], false], chance);
    }
  }

  function value(thing: Thing, field: string, args: Readonly<Record<string, unknown>>): unknown {
    const { typename, number, reference } = thing;
    const { nullable, holds, requires } = facts.field(typename, field);
    const needed = requires.map((selection) => (reference ? narrowed(reference, selection) : project(thing, selection)));
    const unique = facts.isKey(typename, field) ? number : undefined;

    const at = (level: number, chance: number): unknown => {
      if (unique === undefined && nullable[level] && hash(chance, 'null') % 8 === 0) return null;
      if (level < nullable.length - 1) {
        const length = hash(chance, 'length') % 5;
        return Array.from({ length }, (_, index) => at(level + 1, hash(chance, index)));
      }
      switch (holds.kind) {
        case 'scalar':
          return leaf(typename, field, holds.name, chance, unique);
        case 'enum':
          return pick(holds.values, chance);
        case 'object': {
          const type = pick(holds.types, unique ?? chance);
          return { typename: type, number: facts.isEntity(type) ? (unique ?? hash(chance, 'which')) % population : hash(chance, 'part') };
        }
      }
    };
    return at(0, hash(seed, typename, number, field, canonical(args), ...needed.map(canonical)));
  }

  function project(thing: Thing, selection: SelectionSetNode): Record<string, unknown> {
    const into: Record<string, unknown> = {};
    for (const node of selection.selections) {
      if (node.kind === Kind.FIELD && node.name.value !== '__typename') {
        const args = Object.fromEntries((node.arguments ?? []).map((each) => [each.name.value, valueFromASTUntyped(each.value)]));
        const { selectionSet } = node;
        const inner = (each: unknown): unknown => {
          if (Array.isArray(each)) return each.map(inner);
          return isThing(each) && selectionSet ? project(each, selectionSet) : each;
        };
        into[node.name.value] = inner(value(thing, node.name.value, args));
      }
      if (node.kind === Kind.INLINE_FRAGMENT) {
        const on = node.typeCondition?.name.value;
        if (on === undefined || facts.concrete(on).includes(thing.typename)) Object.assign(into, project(thing, node.selectionSet));
      }
    }
    return into;
  }

  function narrowed(reference: Readonly<Record<string, unknown>>, selection: SelectionSetNode): Record<string, unknown> {
    const into: Record<string, unknown> = {};
    for (const node of selection.selections) {
      if (node.kind === Kind.FIELD && node.name.value !== '__typename' && node.name.value in reference) {
        const { selectionSet } = node;
        const inner = (each: unknown): unknown => {
          if (Array.isArray(each)) return each.map(inner);
          return isRecord(each) && selectionSet ? narrowed(each, selectionSet) : each;
        };
        into[node.name.value] = inner(reference[node.name.value]);
      }
      if (node.kind === Kind.INLINE_FRAGMENT) {
        const on = node.typeCondition?.name.value;
        const is = reference['__typename'];
        // Without a type in the reference, what is there says it.
        if (on === undefined || typeof is !== 'string' || facts.concrete(on).includes(is)) {
          Object.assign(into, narrowed(reference, node.selectionSet));
        }
      }
    }
    return into;
  }

  return {
    value,
    project,
    narrowed,
    entities: (typename) =>
      facts.concrete(typename).flatMap((type) => Array.from({ length: population }, (_, number) => ({ typename: type, number }))),
  };
}
