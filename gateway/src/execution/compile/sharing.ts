import type { FetchNode } from '@apollo/query-planner';
import { fieldsOf, type FetchDocument } from './fetch-document.ts';
import type { PlanPath } from './path.ts';
import { renamedKeys } from './rewrites.ts';

export interface PlannedFetch {
  readonly node: FetchNode;
  readonly path: PlanPath;
  readonly document: FetchDocument;
}

/** Where equal entities can become one object of the result graph, known from the plan alone. */
export interface Sharing {
  /** The numbers of the paths at which it is decided whether the same is met several times at the end of this one: there many objects became one, or were given the same. */
  sharedBy(path: PlanPath): readonly number[];
  /** A number for each path at which a fetch may give the same to many objects, or may let equal ones be one. Undefined where none does. */
  numberOf(path: PlanPath): number | undefined;
  /** Whether what a fetch at this path receives may be given to several objects as one, because no other fetch adds to the same fields from above. */
  mayShareBelow(path: PlanPath): boolean;
  /** Whether equal objects at this path may be made one, for the same reason. */
  mayUnite(path: PlanPath): boolean;
}

const keysOf = (path: PlanPath) => path.filter((element) => element !== '@');
const text = (keys: readonly string[]) => keys.join('.');

export function findSharing(fetches: readonly PlannedFetch[]): Sharing {
  // One object can stand for many only where there are many.
  const sharing = new Map<string, number>();
  const filled = new Set(fetches.map(({ path }) => text(path)));
  for (const { path } of fetches) {
    const keys = text(keysOf(path));
    if (path.includes('@') && !sharing.has(keys)) sharing.set(keys, sharing.size);
  }
  const times = new Map<string, number>();
  for (const fetch of fetches) for (const path of objectPaths(fetch)) times.set(path, (times.get(path) ?? 0) + 1);
  const apart = [...times].filter(([, count]) => count > 1).map(([path]) => path);

  return {
    sharedBy(path) {
      const united = filled.has(text(path)) ? sharing.get(text(keysOf(path))) : undefined;
      const given = path.at(-1) === '@' ? undefined : sharing.get(text(keysOf(path.slice(0, -1))));
      return [united, given].filter((number) => number !== undefined);
    },
    numberOf: (path) => sharing.get(text(keysOf(path))),
    mayShareBelow(path) {
      const prefix = text(keysOf(path));
      return !apart.some((each) => prefix === '' || each.startsWith(`${prefix}.`));
    },
    mayUnite: (path) => times.get(text(keysOf(path))) === 1,
  };
}

/** The paths of response keys at which a fetch receives objects. */
function objectPaths({ node, path, document: { operation, fragments } }: PlannedFetch): ReadonlySet<string> {
  const renamed = renamedKeys(node.outputRewrites);
  const paths = new Set<string>();
  const walk = (set: typeof operation.selectionSet, at: readonly string[]): void => {
    for (const { key, name, set: inner } of fieldsOf(set, fragments)) {
      if (!inner) continue;
      if (name === '_entities') walk(inner, at);
      else {
        const below = [...at, renamed.get(key) ?? key];
        paths.add(text(below));
        walk(inner, below);
      }
    }
  };
  walk(operation.selectionSet, keysOf(path));
  return paths;
}
