import { Kind, type DocumentNode, type SelectionSetNode } from 'graphql';
import { fragmentsOf } from './fetch-document.ts';
import type { ResponsePath } from './places.ts';

/** The response keys that a client's operation has below each other, whatever the types. */
interface Keys {
  readonly below: Map<string, Keys>;
}

export interface ClientPaths {
  /** As much of a path as leads along what the client asked for: the planner asks for more. */
  trimmed(path: ResponsePath): ResponsePath;
}

export function clientPaths(document: DocumentNode): ClientPaths {
  let root: Keys | undefined;
  return {
    trimmed(path) {
      let at: Keys | undefined = (root ??= keysOf(document));
      for (const [index, element] of path.entries()) {
        if (typeof element === 'number') continue;
        at = at.below.get(element);
        if (!at) return path.slice(0, index);
      }
      return path;
    },
  };
}

function keysOf(document: DocumentNode): Keys {
  const fragments = fragmentsOf(document);
  const root: Keys = { below: new Map() };
  const add = ({ selections }: SelectionSetNode, to: Keys): void => {
    for (const node of selections) {
      if (node.kind === Kind.FIELD) {
        const key = (node.alias ?? node.name).value;
        const below = to.below.get(key) ?? { below: new Map() };
        to.below.set(key, below);
        if (node.selectionSet) add(node.selectionSet, below);
      } else {
        const set = node.kind === Kind.INLINE_FRAGMENT ? node.selectionSet : fragments.get(node.name.value)?.selectionSet;
        if (set) add(set, to);
      }
    }
  };
  for (const node of document.definitions) if (node.kind === Kind.OPERATION_DEFINITION) add(node.selectionSet, root);
  return root;
}
