import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { defineModule, defineSubgraph, type SubgraphDefinition } from '@storegraph/subgraph';

/** A subgraph from SDL in the test itself. */
export function define(sdl: string, resolvers: object = {}, name = 'fixture'): SubgraphDefinition {
  const file = join(mkdtempSync(join(tmpdir(), 'sdl-')), 'schema.graphql');
  writeFileSync(file, sdl);
  return defineSubgraph({ name, modules: [defineModule({ schema: pathToFileURL(file), resolvers })] });
}
