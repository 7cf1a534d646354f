import type { FetchDataRewrite } from '@apollo/query-planner';
import type { GraphQLSchema } from 'graphql';
import { isObject, own, reader, setOwn, type Entity } from '../own.ts';
import { isOfType } from './types.ts';

export type Apply = (value: unknown) => void;

const fragment = '... on ';

/** Compiles a fetch's rewrites into one function that changes a value in place. Undefined when there are none. */
export function compileRewrites(rewrites: readonly FetchDataRewrite[] | undefined, schema: GraphQLSchema): Apply | undefined {
  if (!rewrites || rewrites.length === 0) return undefined;
  const all = rewrites.map((rewrite) => at(rewrite.path.slice(0, -1), change(rewrite), schema));
  return (value) => {
    for (const apply of all) apply(value);
  };
}

function change(rewrite: FetchDataRewrite): (on: Entity) => void {
  const key = rewrite.path.at(-1) ?? '';
  if (rewrite.kind === 'ValueSetter') {
    const value: unknown = rewrite.setValueTo;
    return (on) => setOwn(on, key, value);
  }
  return (on) => {
    const value = own(on, key);
    // What is null stays under its own key: the field is null under either name.
    if (value === undefined || value === null) return;
    setOwn(on, rewrite.renameKeyTo, value);
    on[key] = undefined;
  };
}

function at([first, ...rest]: readonly string[], apply: (on: Entity) => void, schema: GraphQLSchema): Apply {
  const further = first === undefined ? apply : inside(first, at(rest, apply, schema), schema);
  const visit: Apply = (value) => {
    if (Array.isArray(value)) value.forEach(visit);
    else if (isObject(value)) further(value);
  };
  return visit;
}

function inside(element: string, apply: Apply, schema: GraphQLSchema): (on: Entity) => void {
  if (!element.startsWith(fragment)) {
    const read = reader(element);
    return (on) => apply(read(on));
  }
  const condition = element.slice(fragment.length);
  return (on) => {
    const { __typename: typename } = on;
    if (!typename || (typeof typename === 'string' && isOfType(schema, typename, condition))) apply(on);
  };
}

/** The keys that a fetch answers under another name than the client's: an error's path has the former. */
export function renamedKeys(rewrites: readonly FetchDataRewrite[] | undefined): ReadonlyMap<string, string> {
  return new Map((rewrites ?? []).flatMap((each) => (each.kind === 'KeyRenamer' ? [[each.path.at(-1) ?? '', each.renameKeyTo]] : [])));
}
