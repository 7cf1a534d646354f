import graphql from '@graphql-eslint/eslint-plugin';
import tseslint from 'typescript-eslint';
import { mutationStem } from './bin/lint/mutation-stem.ts';
import { tenantFilter } from './bin/lint/tenant-filter.ts';
import { domains } from './bin/workspace.ts';

const storegraph = { rules: { 'tenant-filter': tenantFilter, 'mutation-stem': mutationStem } };

const tests = ['**/*.test.ts', '**/test/**'];
const configs = ['*.config.ts', '*.config.mjs', '.dependency-cruiser.mjs', 'packages/testing/src/global-setup.ts'];

const typescript = {
  '@typescript-eslint/await-thenable': 'error',
  '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
  '@typescript-eslint/no-array-delete': 'error',
  '@typescript-eslint/no-base-to-string': 'error',
  '@typescript-eslint/no-deprecated': 'error',
  '@typescript-eslint/no-explicit-any': 'error',
  // A drizzle query that nobody awaits is never sent.
  '@typescript-eslint/no-floating-promises': ['error', { checkThenables: true }],
  '@typescript-eslint/no-for-in-array': 'error',
  '@typescript-eslint/no-import-type-side-effects': 'error',
  '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: { arguments: false } }],
  '@typescript-eslint/no-non-null-assertion': 'error',
  '@typescript-eslint/no-redundant-type-constituents': 'error',
  '@typescript-eslint/no-unnecessary-type-arguments': 'error',
  '@typescript-eslint/no-unnecessary-type-assertion': 'error',
  '@typescript-eslint/no-unsafe-argument': 'error',
  '@typescript-eslint/no-unsafe-assignment': 'error',
  '@typescript-eslint/no-unsafe-call': 'error',
  '@typescript-eslint/no-unsafe-member-access': 'error',
  '@typescript-eslint/no-unsafe-return': 'error',
  '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
  '@typescript-eslint/only-throw-error': 'error',
  '@typescript-eslint/prefer-nullish-coalescing': 'error',
  '@typescript-eslint/prefer-optional-chain': 'error',
  '@typescript-eslint/prefer-promise-reject-errors': 'error',
  '@typescript-eslint/require-array-sort-compare': 'error',
  '@typescript-eslint/restrict-plus-operands': 'error',
  '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
  '@typescript-eslint/return-await': ['error', 'error-handling-correctness-only'],
  '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
  '@typescript-eslint/unified-signatures': 'error',
};

const javascript = {
  eqeqeq: ['error', 'always', { null: 'ignore' }],
  'no-else-return': 'error',
  'no-param-reassign': 'error',
  'no-shadow': 'error',
  'no-throw-literal': 'error',
  'no-unneeded-ternary': 'error',
  'no-useless-concat': 'error',
  'no-useless-rename': 'error',
  'no-var': 'error',
  'object-shorthand': 'error',
  'prefer-const': 'error',
};

const noDefaultExport = { selector: 'ExportDefaultDeclaration', message: 'Exports have names.' };
const noClass = {
  selector: ':matches(ClassDeclaration, ClassExpression):not([superClass.name=/Error$/])',
  message: 'Plain functions; only errors are classes.',
};
const noFocus = {
  selector: 'MemberExpression[object.name=/^(describe|it|test|suite)$/][property.name=/^(only|skip|todo)$/]',
  message: 'A test that does not run guards nothing, and one that runs alone hides the others.',
};

const rootType = ':matches(ObjectTypeDefinition, ObjectTypeExtension)[name.value=/^(Query|Mutation|Subscription)$/]';

const baseSchema = 'packages/subgraph/src/base.graphql';
const apiSchema = 'gateway/schema.graphql';
const schemaOf = (domain) => `subgraphs/${domain}/src/**/*.graphql`;
const schemas = [baseSchema, ...domains.map(schemaOf)];
const projects = {
  ...Object.fromEntries(domains.map((domain) => [domain, { schema: [baseSchema, schemaOf(domain)], include: schemaOf(domain) }])),
  api: { schema: apiSchema },
};
/** The types whose names say it all: the mutation or the list has the words. */
const mechanical = '[name.value=/(Payload|UserError|UserErrorCode|Connection|Edge)$/]';

export default tseslint.config(
  { ignores: ['**/node_modules/', '**/generated/', '**/coverage/', 'reports/', '.turbo/', '.data/', 'gateway/supergraph.graphql'] },
  { linterOptions: { noInlineConfig: true, reportUnusedDisableDirectives: 'error' } },
  { files: ['**/*.ts', '**/*.mjs'], rules: javascript },
  {
    files: ['**/*.ts'],
    languageOptions: { parser: tseslint.parser, parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    plugins: { '@typescript-eslint': tseslint.plugin, storegraph },
    rules: {
      ...typescript,
      'no-restricted-syntax': ['error', noDefaultExport, noClass, noFocus],
      'no-console': 'error',
      'no-restricted-properties': [
        'error',
        { object: 'process', property: 'env', message: 'Only packages/core reads the environment: use environment().' },
      ],
    },
  },
  {
    files: ['gateway/src/**/*.ts', 'subgraphs/*/src/**/*.ts', 'packages/*/src/**/*.ts', 'bin/**/*.ts'],
    ignores: tests,
    rules: { 'max-lines': ['error', 300] },
  },
  {
    files: ['subgraphs/*/src/**/*.ts', 'packages/{events,jobs,subgraph}/src/**/*.ts'],
    ignores: tests,
    rules: { 'storegraph/tenant-filter': 'error' },
  },
  { files: ['packages/core/src/environment.ts', 'gateway/src/execution/quiet.ts'], rules: { 'no-restricted-properties': 'off' } },
  { files: ['packages/cli/**/*.ts', 'packages/testing/**/*.ts', 'bin/**/*.ts', '**/bench/**/*.ts'], rules: { 'no-console': 'off' } },
  // Vitest's matchers (`expect.any`) are of type any.
  { files: tests, rules: { 'no-restricted-properties': 'off', '@typescript-eslint/no-unsafe-assignment': 'off' } },
  { files: configs, rules: { 'no-restricted-syntax': 'off', 'no-restricted-properties': 'off' } },
  {
    files: schemas,
    languageOptions: { parser: graphql.parser, parserOptions: { graphQLConfig: { projects } } },
    plugins: { '@graphql-eslint': graphql, storegraph },
    rules: {
      '@graphql-eslint/naming-convention': [
        'error',
        {
          types: 'PascalCase',
          FieldDefinition: { style: 'camelCase', forbiddenPrefixes: ['get', 'query', 'mutation'] },
          InputValueDefinition: 'camelCase',
          DirectiveDefinition: 'camelCase',
          EnumValueDefinition: 'UPPER_CASE',
          'ObjectTypeDefinition,EnumTypeDefinition,InterfaceTypeDefinition,UnionTypeDefinition,ScalarTypeDefinition': {
            style: 'PascalCase',
            forbiddenSuffixes: ['Type', 'Enum', 'Interface', 'Union', 'Scalar'],
          },
        },
      ],
      '@graphql-eslint/no-hashtag-description': 'error',
      '@graphql-eslint/relay-arguments': ['error', { includeBoth: false }],
      '@graphql-eslint/relay-connection-types': 'error',
      '@graphql-eslint/relay-edge-types': [
        'error',
        { withEdgeSuffix: true, shouldImplementNode: false, listTypeCanWrapOnlyEdgeType: false },
      ],
      '@graphql-eslint/require-deprecation-reason': 'error',
      '@graphql-eslint/require-description': [
        'error',
        {
          types: true,
          DirectiveDefinition: true,
          ignoredSelectors: [
            mechanical,
            // An entity is described by its owner: see the rules of the API schema below.
            ':has(> Directive[name.value=key])',
          ],
        },
      ],
      '@graphql-eslint/unique-enum-value-names': 'error',
      'storegraph/mutation-stem': 'error',
      'no-restricted-syntax': [
        'error',
        { selector: `${rootType} > FieldDefinition:not([description])`, message: 'A root field has a sentence that describes it.' },
        {
          // What these name is no object of the graph: another system's record, a request, a client's own key, a thing of any kind, a product of the catalogue to come.
          selector:
            'ObjectTypeDefinition > FieldDefinition[name.value=/^(?!external|request|correlation|resource|product|variant|client).+Id$/]',
          message: 'Refer to the object and not to its id.',
        },
        {
          selector:
            'Directive[name.value=deprecated] > Argument[name.value=reason] > StringValue:not([value=/Removed after \\d{4}-\\d{2}-\\d{2}\\.$/])',
          message: 'The reason says what to use, and ends with “Removed after YYYY-MM-DD.”',
        },
      ],
    },
  },
  {
    files: [apiSchema],
    plugins: { '@graphql-eslint': graphql },
    languageOptions: { parser: graphql.parser, parserOptions: { graphQLConfig: { projects } } },
    rules: {
      '@graphql-eslint/require-description': [
        'error',
        { types: true, ignoredSelectors: [mechanical, '[name.value=/^(Query|Mutation|Subscription)$/]'] },
      ],
    },
  },
  {
    files: [baseSchema],
    rules: {
      '@graphql-eslint/relay-connection-types': 'off',
      '@graphql-eslint/relay-edge-types': 'off',
      '@graphql-eslint/relay-arguments': 'off',
    },
  },
);
