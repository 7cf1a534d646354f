import { ESLintUtils, type ParserServicesWithTypeInformation, type TSESTree } from '@typescript-eslint/utils';
import ts from 'typescript';

type Node = TSESTree.Node;

const reads = new Set(['from', 'update', 'delete']);
const joins = new Set(['innerJoin', 'leftJoin', 'rightJoin', 'fullJoin']);

/**
 * Each statement on a tenant table names the store: `own(tx, table, …)` where it reads, changes or deletes, `owned(tx, …)` where it inserts,
 * and in a join either `own` or the table's `storeId`. Row-level security holds on its own; this is the other of the two layers.
 * A sweep (`SweepTx`) goes across stores by its nature and is left alone.
 */
export const tenantFilter = ESLintUtils.RuleCreator.withoutDocs({
  meta: {
    type: 'problem',
    schema: [],
    messages: {
      own: "'{{table}}' is a tenant table: its rows are found by own(tx, {{table}}, …).",
      owned: "'{{table}}' is a tenant table: its rows are inserted as owned(tx, …).",
      join: "'{{table}}' is a tenant table: the join's condition uses own(tx, {{table}}, …) or compares {{table}}.storeId.",
    },
  },
  create(context) {
    const services = ESLintUtils.getParserServices(context);
    const { visitorKeys } = context.sourceCode;

    /** Looks through an expression, and through the constants that it names, for a node that `found` accepts. */
    function contains(node: Node, found: (node: Node) => boolean, seen = new Set<Node>()): boolean {
      if (seen.has(node)) return false;
      seen.add(node);
      if (found(node)) return true;
      const constant = node.type === 'Identifier' ? initialiser(node) : undefined;
      if (constant && contains(constant, found, seen)) return true;
      return (visitorKeys[node.type] ?? []).some((key) => children(node, key).some((child) => contains(child, found, seen)));
    }

    function initialiser(node: TSESTree.Identifier): Node | undefined {
      for (
        let scope = context.sourceCode.getScope(node) as ReturnType<typeof context.sourceCode.getScope> | null;
        scope;
        scope = scope.upper
      ) {
        const definition = scope.set.get(node.name)?.defs[0];
        if (definition?.type === 'Variable' && definition.parent.kind === 'const') return definition.node.init ?? undefined;
        if (definition) return undefined;
      }
      return undefined;
    }

    return {
      CallExpression(call) {
        const method = methodName(call);
        const [table] = call.arguments;
        if (method === undefined || !table || !(reads.has(method) || joins.has(method) || method === 'insert')) return;
        if (!isTenantTable(services, table) || isSweep(services, call)) return;
        const name = context.sourceCode.getText(table);
        const sameTable = (node: Node | undefined) => node !== undefined && context.sourceCode.getText(node) === name;
        const owns = (node: Node) => isCallOf(node, 'own') && sameTable(node.arguments[1]);

        if (method === 'insert') {
          const values = (node: Node) => isCallOf(node, 'owned') || isCallOf(node, 'own');
          if (!contains(statement(call), values)) context.report({ node: table, messageId: 'owned', data: { table: name } });
        } else if (joins.has(method)) {
          const compares = (node: Node) => node.type === 'MemberExpression' && sameTable(node.object) && isNamed(node.property, 'storeId');
          if (!contains(statement(call), (node) => owns(node) || compares(node)))
            context.report({ node: table, messageId: 'join', data: { table: name } });
        } else if (!contains(statement(call), owns)) {
          context.report({ node: table, messageId: 'own', data: { table: name } });
        }
      },
    };
  },
});

/** The whole chain that a call stands in: `tx.select().from(orders).where(…).for('update')` for its `from`. */
function statement(call: TSESTree.CallExpression): TSESTree.CallExpression {
  const { parent } = call;
  const continues =
    parent.type === 'MemberExpression' &&
    parent.object === call &&
    parent.parent.type === 'CallExpression' &&
    parent.parent.callee === parent;
  return continues ? statement(parent.parent as TSESTree.CallExpression) : call;
}

function methodName(call: TSESTree.CallExpression): string | undefined {
  return call.callee.type === 'MemberExpression' && call.callee.property.type === 'Identifier' ? call.callee.property.name : undefined;
}

function isCallOf(node: Node, name: string): node is TSESTree.CallExpression {
  return node.type === 'CallExpression' && isNamed(node.callee, name);
}

function isNamed(node: Node, name: string): boolean {
  return node.type === 'Identifier' && node.name === name;
}

function children(node: Node, key: string): Node[] {
  const value: unknown = Reflect.get(node, key);
  return (Array.isArray(value) ? value : [value]).filter(
    (child): child is Node => typeof child === 'object' && child !== null && 'type' in child,
  );
}

/** A table is what `tenantTable(…)` declared, directly or under an `alias(table, …)`, in this file or in another. */
function isTenantTable(services: ParserServicesWithTypeInformation, node: Node): boolean {
  const checker = services.program.getTypeChecker();
  const named = services.getSymbolAtLocation(node.type === 'MemberExpression' ? node.property : node);
  const symbol = named && named.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(named) : named;
  const declaration = symbol?.valueDeclaration;
  return declaration !== undefined && ts.isVariableDeclaration(declaration) && declaresTenantTable(checker, declaration.initializer);
}

function declaresTenantTable(checker: ts.TypeChecker, expression: ts.Expression | undefined): boolean {
  if (!expression || !ts.isCallExpression(expression) || !ts.isIdentifier(expression.expression)) return false;
  if (expression.expression.text === 'tenantTable') return true;
  const [first] = expression.arguments;
  if (expression.expression.text !== 'alias' || !first) return false;
  const named = checker.getSymbolAtLocation(first);
  const declaration = (named && named.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(named) : named)?.valueDeclaration;
  return declaration !== undefined && ts.isVariableDeclaration(declaration) && declaresTenantTable(checker, declaration.initializer);
}

function isSweep(services: ParserServicesWithTypeInformation, call: TSESTree.CallExpression): boolean {
  let root: Node = call;
  while (root.type === 'CallExpression' || root.type === 'MemberExpression')
    root = root.type === 'CallExpression' ? root.callee : root.object;
  const type = services.getTypeAtLocation(root);
  return (type.aliasSymbol ?? type.getSymbol())?.name === 'SweepTx';
}
