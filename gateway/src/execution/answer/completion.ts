import {
  isCompositeType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  type GraphQLCompositeType,
  type GraphQLOutputType,
  type GraphQLFormattedError,
} from 'graphql';
import type { ResponsePath } from '../compile/places.ts';
import { isObject, own, type Entity } from '../own.ts';
import { leafText } from './leaf.ts';
import type { Asked, ShapeReader } from './shape.ts';

/** What became of a value: it stands, it is null, it is null for a reason that was told, or it is null where none may be. */
type Outcome = 'value' | 'null' | 'told' | 'forbidden';

/** More errors in one answer than this say nothing new. */
const maxTold = 100;

/**
 * Finds the places of the answer at which a value was not what its type allows, with the errors that are told already the first hundred of them. A second
 * walk, with paths, for the rare answer in which the writer met such a value. What is shared is followed to each of its places, of which there can be far more
 * than objects: not where nothing was met. What the errors explain is left out: what they name, what lies on the way there or below, and what was never
 * fetched, since a fetch that fails takes those along that need it.
 */
export function findInvalid(
  shape: ShapeReader,
  root: GraphQLCompositeType,
  asked: Asked,
  data: Entity,
  told: readonly GraphQLFormattedError[],
): ResponsePath[] {
  const explained = told.map(({ path = [] }) => path);
  const found: ResponsePath[] = [];
  let met = 0;
  const path: (string | number)[] = [];
  const quiet = new Map<Asked, Map<Entity, Outcome>>();
  const tell = (): Outcome => {
    met += 1;
    if (told.length + found.length < maxTold && !explained.some((known) => isOneWay(known, path))) found.push([...path]);
    return 'told';
  };

  function at(element: string | number, look: () => Outcome): Outcome {
    path.push(element);
    const outcome = look();
    path.pop();
    return outcome;
  }

  /** Ends at the first field that makes the object null. */
  function members(from: Entity, fields: Asked, typename: string | undefined): Outcome {
    for (const field of shape.fields(fields, typename)) {
      if (field.kind === 'introspection') continue;
      if (field.kind === 'typename') {
        const known = typename === undefined ? field.otherwise !== undefined : isObjectType(shape.schema.getType(typename));
        if (!known) return 'told';
        continue;
      }
      if (at(field.key, () => value(own(from, field.key), field.type, field.asked)) === 'forbidden') return 'told';
    }
    return 'value';
  }

  function object(given: Entity, fields: Asked): Outcome {
    const outcomes = quiet.get(fields) ?? new Map<Entity, Outcome>();
    quiet.set(fields, outcomes);
    const known = outcomes.get(given);
    if (known) return known;
    const before = met;
    const outcome = typed(given, fields);
    if (met === before) outcomes.set(given, outcome);
    return outcome;
  }

  function typed(given: Entity, fields: Asked): Outcome {
    const typename = given['__typename'] ?? '';
    if (typeof typename !== 'string') return tell();
    if (typename !== '' && !isCompositeType(shape.schema.getType(typename))) return tell();
    return members(given, fields, typename === '' ? undefined : typename);
  }

  function value(given: unknown, type: GraphQLOutputType, fields: Asked): Outcome {
    if (isNonNullType(type)) {
      const outcome = value(given, type.ofType, fields);
      if (outcome === 'value') return outcome;
      if (outcome === 'null' && (given === null || told.length === 0)) tell();
      return 'forbidden';
    }
    if (given === null || given === undefined) return 'null';
    if (isListType(type)) {
      if (!Array.isArray(given)) return tell();
      const outcomes = given.map((each, index) => at(index, () => value(each, type.ofType, fields)));
      return outcomes.includes('forbidden') ? 'told' : 'value';
    }
    if (isLeafType(type)) return leafText(type)(given) === undefined ? tell() : 'value';
    return isObject(given) ? object(given, fields) : tell();
  }

  members(data, asked, root.name);
  return found;
}

/** Whether one of the places is, or lies below, the other. */
const isOneWay = (one: ResponsePath, other: ResponsePath): boolean =>
  one.length <= other.length ? one.every((element, index) => element === other[index]) : isOneWay(other, one);
