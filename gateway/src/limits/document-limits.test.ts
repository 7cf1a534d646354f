import fc from 'fast-check';
import { Kind, parse, type DocumentNode, type SelectionSetNode } from 'graphql';
import { expect, it } from 'vitest';
import { defaultDocumentLimits, exceededLimit, type DocumentLimits } from './document-limits.ts';

const names = ['a', 'b', 'c', 'd'];

/** A selection set that spreads only fragments further down the list, so that there is no circle. */
const selections = (level: number): fc.Arbitrary<string> => {
  const spreads = names.slice(level);
  const field = fc
    .record({ alias: fc.boolean(), directive: fc.boolean() })
    .map(({ alias, directive }) => `${alias ? 'x: ' : ''}name ${directive ? '@a' : ''}`);
  const spread = spreads.length > 0 ? [fc.constantFrom(...spreads).map((name) => `...${name}`)] : [];
  const { set } = fc.letrec<{ set: string; node: string }>((tie) => ({
    set: fc.array(tie('node'), { minLength: 1, maxLength: 3 }).map((nodes) => `{ ${nodes.join(' ')} }`),
    node: fc.oneof(
      { depthSize: 'small' },
      field,
      ...spread,
      tie('set').map((inner) => `name ${inner}`),
      tie('set').map((inner) => `... ${inner}`),
    ),
  }));
  return set;
};

const documents = fc
  .tuple(selections(0), ...names.map((_, index) => selections(index + 1)))
  .map(([operation, ...fragments]) => `${operation} ${fragments.map((set, index) => `fragment ${names[index]} on T ${set}`).join(' ')}`);

/** The same figures, got by really spreading every fragment wherever it is named. */
function spreadOut(document: DocumentNode) {
  const sets = new Map(
    document.definitions.map((node) => [
      node.kind === Kind.FRAGMENT_DEFINITION ? node.name.value : '',
      'selectionSet' in node ? node.selectionSet : undefined,
    ]),
  );
  const size = { depth: 0, aliases: 0, directives: 0, selections: 0, rootFields: 0 };
  const walk = (set: SelectionSetNode | undefined, depth: number) => {
    for (const node of set?.selections ?? []) {
      size.selections += 1;
      size.directives += node.directives?.length ?? 0;
      if (node.kind === Kind.FRAGMENT_SPREAD) walk(sets.get(node.name.value), depth);
      else if (node.kind === Kind.INLINE_FRAGMENT) walk(node.selectionSet, depth);
      else {
        if (node.alias) size.aliases += 1;
        if (depth === 0) size.rootFields += 1;
        size.depth = Math.max(size.depth, depth + 1);
        walk(node.selectionSet, depth + 1);
      }
    }
  };
  walk(sets.get(''), 0);
  return size;
}

it('a limit is exceeded exactly when the operation, with its fragments spread out, is larger', () => {
  const roomy: DocumentLimits = { ...defaultDocumentLimits, depth: 1e9, aliases: 1e9, directives: 1e9, selections: 1e9, rootFields: 1e9 };
  fc.assert(
    fc.property(documents, (source) => {
      const document = parse(source);
      const size = spreadOut(document);
      for (const name of ['depth', 'aliases', 'directives', 'selections', 'rootFields'] as const) {
        if (size[name] > 0) expect(exceededLimit(document, { ...roomy, [name]: size[name] - 1 })).toBe(name);
      }
      const largest = document.definitions.map((_, index) => spreadOut({ ...document, definitions: rooted(document, index) }));
      const most = (name: 'depth' | 'aliases' | 'directives' | 'selections') => Math.max(...largest.map((each) => each[name]));
      const exact = {
        depth: most('depth'),
        aliases: most('aliases'),
        directives: most('directives'),
        selections: most('selections'),
        rootFields: size.rootFields,
      };
      expect(exceededLimit(document, { ...roomy, ...exact })).toBeUndefined();
    }),
    { seed: 20_261_120, numRuns: 300 },
  );
});

/** The same document with another definition as its operation. */
function rooted(document: DocumentNode, index: number): DocumentNode['definitions'] {
  const root = document.definitions[index];
  const fragments = document.definitions.filter((node) => node.kind === Kind.FRAGMENT_DEFINITION);
  const operation = document.definitions.find((node) => node.kind === Kind.OPERATION_DEFINITION);
  if (!operation || !root || !('selectionSet' in root)) return document.definitions;
  return [{ ...operation, selectionSet: root.selectionSet }, ...fragments];
}
