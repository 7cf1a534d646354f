import fc from 'fast-check';
import { OperationTypeNode, parse, validate, type GraphQLSchema } from 'graphql';
import { hash } from './hash.ts';
import type { Sent } from './reference.ts';
import { selectionsOver, type SelectionTree } from './selections.ts';
import { literal, type ValueTree, type VariableTree } from './values.ts';

/** An operation as text, with what a client sends along. */
export interface OperationCase extends Omit<Sent, 'document'> {
  readonly text: string;
}

/** Valid operations over the schema, queries and mutations. They shrink. */
export function operationsOver(schema: GraphQLSchema, depth = 4): fc.Arbitrary<OperationCase> {
  const selections = selectionsOver(schema);
  const roots = [OperationTypeNode.QUERY, OperationTypeNode.MUTATION].flatMap((kind) => {
    const type = schema.getRootType(kind);
    return type ? [{ kind, type }] : [];
  });
  return fc
    .record({
      root: fc.oneof(...roots.map((root) => ({ arbitrary: fc.constant(root), weight: root.kind === OperationTypeNode.QUERY ? 4 : 1 }))),
      another: fc.oneof({ arbitrary: fc.constant(false), weight: 6 }, { arbitrary: fc.boolean(), weight: 1 }),
    })
    .chain(({ root, another }) =>
      selections(root.type, depth).map((trees): OperationCase => {
        const free = written(trees, root.kind, another, false);
        if (problems(schema, free).length === 0) return free;
        // Fields collided: each gets a name of its own.
        const safe = written(trees, root.kind, another, true);
        const [invalid] = problems(schema, safe);
        if (invalid) throw new Error(`${invalid.message}\n${safe.text}`);
        return safe;
      }),
    );
}

const problems = (schema: GraphQLSchema, { text }: OperationCase) => validate(schema, parse(text, { noLocation: true }));

function written(trees: readonly SelectionTree[], kind: OperationTypeNode, another: boolean, safe: boolean): OperationCase {
  const variables = new Map<string, VariableTree>();
  const fragments: { on: string; text: string }[] = [];

  const value = (tree: ValueTree): string => {
    switch (tree.kind) {
      case 'constant':
        return literal(tree.value, tree.type);
      case 'list':
        return `[${tree.items.map(value).join(', ')}]`;
      case 'object':
        return `{${tree.fields.map(([name, each]) => `${name}: ${value(each)}`).join(', ')}}`;
      case 'variable': {
        const name = `v${tree.slot}_${tree.type.replaceAll('[', 'l').replaceAll(']', '').replaceAll('!', '_')}`;
        if (!variables.has(name)) variables.set(name, tree);
        return `$${name}`;
      }
    }
  };

  const selection = (tree: SelectionTree): string => {
    if (tree.kind === 'text') return tree.text;
    const conditions = tree.conditions.map(({ directive, value: when }) => ` @${directive}(if: ${value(when)})`).join('');
    if (tree.kind === 'field') {
      const args = tree.args.length > 0 ? `(${tree.args.map(([name, each]) => `${name}: ${value(each)}`).join(', ')})` : '';
      const aliases = safe
        ? [`${tree.parent}_${tree.name}_${hash(args).toString(36)}`]
        : ['', `${tree.name}_${args.length}`, 'same', 'other'];
      const alias = aliases[tree.alias % aliases.length];
      return `${alias ? `${alias}: ` : ''}${tree.name}${args}${conditions}${tree.selections ? set(tree.selections) : ''}`;
    }
    if (!tree.named || tree.on === undefined) return `...${tree.on ? ` on ${tree.on}` : ''}${conditions}${set(tree.selections)}`;
    const earlier = tree.again ? fragments.findIndex(({ on }) => on === tree.on) : -1;
    if (earlier >= 0) return `...F${earlier}${conditions}`;
    const text = set(tree.selections);
    fragments.push({ on: tree.on, text });
    return `...F${fragments.length - 1}${conditions}`;
  };
  const set = (each: readonly SelectionTree[]): string => ` { ${each.map(selection).join(' ')} }`;

  const body = set(trees);
  const definitions = [...variables].map(
    ([name, { type, fallback }]) => `$${name}: ${type}${fallback === undefined ? '' : ` = ${fallback}`}`,
  );
  const text = [
    `${kind} Sample${definitions.length > 0 ? `(${definitions.join(', ')})` : ''}${body}`,
    ...fragments.map(({ on, text: selected }, index) => `fragment F${index} on ${on}${selected}`),
    ...(another ? ['query Another { __typename }'] : []),
  ].join('\n');
  return {
    text,
    operationName: another ? 'Sample' : undefined,
    variables: Object.fromEntries([...variables].flatMap(([name, { sent }]) => (sent === undefined ? [] : [[name, sent]]))),
  };
}
