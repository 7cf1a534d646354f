import { isAbstractType, Kind, type DocumentNode, type GraphQLSchema, type SelectionSetNode } from 'graphql';
import { internalMessage } from '../../src/errors.ts';
import { isRecord } from './hash.ts';
import type { OurAnswer } from './ours.ts';
import type { AnsweredError, ReferenceAnswer } from './reference.ts';

/** The errors that ours tells, for what the reference tells. One function for each difference that is meant; each has a test of its own. */

/**
 * Where a value is not of its type, or null where none may be, the reference says so in `extensions.valueCompletion` and only when no subgraph told of an
 * error. Clients look in `errors`: there it stands, masked.
 */
export const isMasked = ({ message, code }: AnsweredError): boolean => message === internalMessage && code === 'INTERNAL';

/** The planner asks for fields that the client did not ask for. An error in one of these is told at the last object that the client knows. */
export function knownPath(document: DocumentNode, path: AnsweredError['path']): AnsweredError['path'] {
  const fragments = new Map(
    document.definitions.flatMap((node) => (node.kind === Kind.FRAGMENT_DEFINITION ? [[node.name.value, node.selectionSet]] : [])),
  );
  const below = (set: SelectionSetNode, key: string): (SelectionSetNode | 'leaf')[] =>
    set.selections.flatMap((node) => {
      if (node.kind === Kind.FIELD) return (node.alias ?? node.name).value === key ? [node.selectionSet ?? ('leaf' as const)] : [];
      const inner = node.kind === Kind.INLINE_FRAGMENT ? node.selectionSet : fragments.get(node.name.value);
      return inner ? below(inner, key) : [];
    });
  let at = document.definitions.flatMap((node) => (node.kind === Kind.OPERATION_DEFINITION ? [node.selectionSet] : []));
  for (const [index, element] of (path ?? []).entries()) {
    if (typeof element === 'number') continue;
    const found = at.flatMap((set) => below(set, element));
    if (found.length === 0) return path?.slice(0, index);
    at = found.filter((each) => each !== 'leaf');
  }
  return path;
}

/** Where the planner fetched a field under another name, the reference's errors have that name. */
export const clientNames = (path: AnsweredError['path']): AnsweredError['path'] =>
  path?.map((element) => (typeof element === 'string' ? element.replace(/__alias_\d+$/, '') : element));

/**
 * The reference counts an entity's place among all that stand at the path, also those that it did not ask for, and so tells of errors at a neighbour.
 * Explained only where ours tells the same at another index, and where the answer has nothing there, or the entity itself.
 */
export function neighbours(our: AnsweredError, reference: AnsweredError, { data }: OurAnswer): boolean {
  const keys = ({ path }: AnsweredError) => JSON.stringify(path?.filter((element) => typeof element === 'string'));
  const same = our.message === reference.message && our.code === reference.code && keys(our) === keys(reference);
  const there = valueAt(data, our.path ?? []);
  return same && (there === null || isRecord(there));
}

/**
 * A fetch that fails as a whole has no place in the reference's errors. Ours tells of it at each field that stays empty for it. Explained only where the
 * answer has nothing there.
 */
export const placeless = (our: AnsweredError, reference: AnsweredError, { data }: OurAnswer): boolean =>
  reference.path === undefined &&
  our.path !== undefined &&
  our.message === reference.message &&
  our.code === reference.code &&
  valueAt(data, our.path) === null;

/**
 * A null can have several reasons: two fields of an object that may not be null, say. The reference merges selections in an order of its own, and tells of
 * the reason that it meets first. So what is compared is the nulls of which either tells: the highest on the way to each reason.
 */
function nullsOf(errors: readonly AnsweredError[], data: unknown): readonly string[] {
  const highest = ({ path = [] }: AnsweredError) => {
    const depth = path.findIndex((_, index) => valueAt(data, path.slice(0, index)) === null);
    return JSON.stringify(depth < 0 ? path : path.slice(0, depth));
  };
  return [...new Set(errors.map(highest))].sort();
}

/** Ours tells of a null that no subgraph's error explains, also in an answer that has such errors. The reference knows of it, and is silent then. */
export const isNullBeside = (error: AnsweredError, { data }: OurAnswer, { completion }: ReferenceAnswer): boolean =>
  isMasked(error) && nullsOf([error], data).every((place) => nullsOf(completion, data).includes(place));

/** What is wrong at a hundred places is not told of at others: of values that are not of their types, and of one thing that a subgraph told. */
const enough = 100;

/** Whether ours tells of nulls that the reference tells of too: of all of them, or of the first hundred reasons. */
export function sameNulls({ data, errors }: OurAnswer, completion: readonly AnsweredError[]): boolean {
  const [our, reference] = [nullsOf(errors, data), nullsOf(completion, data)];
  return our.every((place) => reference.includes(place)) && (our.length === reference.length || errors.length === enough);
}

/** The errors that ours need not tell, having told of the same at a hundred places. */
export const toldEnough = (error: AnsweredError, { errors }: OurAnswer): boolean =>
  errors.filter(({ message, code }) => message === error.message && code === error.code).length >= enough;

/**
 * The reference takes an object that does not say its type to be of the type of the fragment that it is looking at, and so leaves out what stands in a
 * fragment within a fragment on an interface or a union. Ours knows the field's type. Such operations are compared without failures that take types away.
 */
export function hidesTypes(schema: GraphQLSchema, document: DocumentNode): boolean {
  const fragments = new Map(
    document.definitions.flatMap((node) => (node.kind === Kind.FRAGMENT_DEFINITION ? [[node.name.value, node] as const] : [])),
  );
  const hides = ({ selections }: SelectionSetNode, insideAbstract: boolean): boolean =>
    selections.some((node) => {
      if (node.kind === Kind.FIELD) return node.selectionSet ? hides(node.selectionSet, false) : false;
      const fragment = node.kind === Kind.INLINE_FRAGMENT ? node : fragments.get(node.name.value);
      if (!fragment) return false;
      const on = fragment.typeCondition?.name.value;
      if (on !== undefined && insideAbstract) return true;
      return hides(fragment.selectionSet, insideAbstract || (on !== undefined && isAbstractType(schema.getType(on))));
    });
  return document.definitions.some((node) => 'selectionSet' in node && hides(node.selectionSet, false));
}

/** What the answer has at the path: null where it has null on the way there, or nothing. */
function valueAt(data: unknown, path: readonly (string | number)[]): unknown {
  let at = data;
  for (const element of path) at = Array.isArray(at) ? (at[Number(element)] as unknown) : isRecord(at) ? at[element] : null;
  return at ?? null;
}
