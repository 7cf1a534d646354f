import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config';

const long = '**/*.long.test.ts';
/** These put something else in the place of what other files have loaded: a module, or the tables of a domain. */
const isolated = ['**/*.isolated.test.ts', 'packages/subgraph/test/**/*.test.ts'];

function project(name: string, test: TestProjectInlineConfiguration['test']): TestProjectInlineConfiguration {
  return {
    test: {
      name,
      pool: 'forks',
      execArgv: ['--import', new URL('packages/core/src/quick-imports.ts', import.meta.url).href],
      // Files of a worker share what they import, which costs several times what most of them test; each has its own database all the same.
      isolate: false,
      globalSetup: 'packages/testing/src/global-setup.ts',
      // Node itself runs the code, as it does in production: no bundler's resolution, and so one copy of graphql.
      experimental: { viteModuleRunner: false },
      hookTimeout: 60_000,
      ...test,
      exclude: ['**/node_modules/**', ...(test?.exclude ?? [])],
    },
  };
}

export default defineConfig({
  test: {
    maxWorkers: 2,
    // The second is for .ci/run, which counts.
    reporters: ['default', ['json', { outputFile: 'reports/vitest.json' }]],
    projects: [
      project('unit-and-integration', { include: ['**/*.test.ts'], exclude: [long, ...isolated], testTimeout: 30_000 }),
      project('isolated', { include: isolated, isolate: true, testTimeout: 30_000 }),
      project('long', { include: [long], testTimeout: 20 * 60_000, hookTimeout: 5 * 60_000 }),
    ],
  },
});
