// Writes subgraphs/<domain>/src/generated/graphql.ts: the types that resolvers are written against.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { codegen } from '@graphql-codegen/core';
import * as typescript from '@graphql-codegen/typescript';
import * as resolvers from '@graphql-codegen/typescript-resolvers';
import { concatAST, GraphQLError, Kind, parse, Source, type DocumentNode } from 'graphql';
import ts from 'typescript';
import { domains, root, runTool, sources } from './workspace.ts';

const banner = '// Generated from the schema by bin/codegen.ts.\n';
const upperFirst = (name: string) => name.charAt(0).toUpperCase() + name.slice(1);

const settings = {
  federation: true,
  // The plugin would add the directives of federation 1.
  disableFederationDirectiveAndScalarInjection: true,
  contextType: '@storegraph/subgraph#Context',
  useTypeImports: true,
  enumsAsTypes: true,
  skipTypename: true,
  immutableTypes: true,
  makeResolverTypeCallable: true,
  showUnusedMappers: false,
  // An answer may be undefined where the schema says null, an input never is: absent or null.
  maybeValue: 'T | null | undefined',
  inputMaybeValue: 'T | null',
  namingConvention: { typeNames: upperFirst, enumValues: 'keep' },
  defaultScalarType: 'string',
  scalars: { ID: 'string', DateTime: 'Date', Date: 'string', MinorUnits: 'bigint', JSONObject: 'Record<string, unknown>' },
};

// A fault in one domain's schema keeps no other from its types.
for (const domain of domains) await runTool(() => generate(domain));

async function generate(domain: string): Promise<void> {
  const files = sources(domain, '**/*.graphql');
  if (files.length === 0) return;
  const schema = read([join(root, 'packages/subgraph/src/base.graphql'), ...files]);
  const filename = join(root, 'subgraphs', domain, 'src/generated/graphql.ts');
  const types = await codegen({
    schema,
    filename,
    documents: [],
    config: { ...settings, mappers: mappers(domain, schema) },
    plugins: [{ typescript: {} }, { resolvers: {} }],
    pluginMap: { typescript, resolvers },
  });
  write(filename, banner + types);
}

function read(files: readonly string[]): DocumentNode {
  try {
    const schema = concatAST(files.map((file) => parse(new Source(readFileSync(file, 'utf8'), relative(root, file)))));
    buildSubgraphSchema(schema);
    return schema;
  } catch (error) {
    throw error instanceof GraphQLError ? new Error(error.toString()) : error;
  }
}

/** Each type that the domain's mappers.ts exports under the name of an object type stands for that type's parent value. */
function mappers(domain: string, schema: DocumentNode): Record<string, string> {
  const file = join(root, 'subgraphs', domain, 'src/mappers.ts');
  if (!existsSync(file)) return {};
  const kinds: readonly Kind[] = [Kind.OBJECT_TYPE_DEFINITION, Kind.OBJECT_TYPE_EXTENSION];
  const objects = new Set(schema.definitions.flatMap((node) => (kinds.includes(node.kind) && 'name' in node ? [node.name?.value] : [])));
  const named = exportedNames(ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest));
  const strangers = named.filter((name) => !objects.has(name));
  if (strangers.length > 0) throw new Error(`${relative(root, file)}: no object type of the schema is called ${strangers.join(', ')}.`);
  return Object.fromEntries(named.map((name) => [name, `../mappers.ts#${name} as ${name}Mapper`]));
}

function exportedNames(file: ts.SourceFile): string[] {
  return file.statements.flatMap((statement) => {
    if (ts.isExportDeclaration(statement) && statement.exportClause && ts.isNamedExports(statement.exportClause)) {
      return statement.exportClause.elements.map((element) => element.name.text);
    }
    if (!ts.isTypeAliasDeclaration(statement) && !ts.isInterfaceDeclaration(statement)) return [];
    const exported = statement.modifiers?.some((modifier) => modifier.kind === ts.SyntaxKind.ExportKeyword) ?? false;
    return exported ? [statement.name.text] : [];
  });
}

/** An unchanged file keeps its time, so that nothing that watches it starts anew. */
function write(file: string, text: string): void {
  if (existsSync(file) && readFileSync(file, 'utf8') === text) return;
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  console.log(`wrote ${relative(root, file)}`);
}
