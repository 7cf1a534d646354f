import { Kind, type FieldNode, type FragmentDefinitionNode, type SelectionSetNode } from 'graphql';

/**
 * How many pairs of fields stand for one response key, and of fragments in one place, in a selection set and everywhere below it: what validation
 * compares to find whether fields can be merged. Takes time in the size of the selections spread out; for sets in which no fragment spreads itself.
 */
export function overlappingPairs(set: SelectionSetNode, fragments: ReadonlyMap<string, FragmentDefinitionNode>): number {
  let pairs = 0;
  const open: SelectionSetNode[][] = [[set]];
  for (let merged = open.pop(); merged; merged = open.pop()) {
    const { byKey, spread } = collected(merged, fragments);
    pairs += pairsOf(spread);
    for (const fields of byKey.values()) {
      pairs += pairsOf(fields.length);
      const inner = fields.flatMap(({ selectionSet }) => selectionSet ?? []);
      if (inner.length > 0) open.push(inner);
    }
  }
  return pairs;
}

const pairsOf = (count: number): number => (count * (count - 1)) / 2;

interface Collected {
  readonly byKey: ReadonlyMap<string, FieldNode[]>;
  /** How many different fragments were spread. */
  readonly spread: number;
}

function collected(sets: readonly SelectionSetNode[], fragments: ReadonlyMap<string, FragmentDefinitionNode>): Collected {
  const fields = new Map<string, FieldNode[]>();
  const spread = new Set<string>();
  const collect = ({ selections }: SelectionSetNode): void => {
    for (const node of selections) {
      if (node.kind === Kind.FIELD) {
        const key = (node.alias ?? node.name).value;
        const same = fields.get(key);
        if (same) same.push(node);
        else fields.set(key, [node]);
      } else if (node.kind === Kind.INLINE_FRAGMENT) collect(node.selectionSet);
      else if (!spread.has(node.name.value)) {
        spread.add(node.name.value);
        const fragment = fragments.get(node.name.value);
        if (fragment) collect(fragment.selectionSet);
      }
    }
  };
  for (const set of sets) collect(set);
  return { byKey: fields, spread: spread.size };
}
