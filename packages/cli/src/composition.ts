import { composeServices } from '@apollo/composition';
import { assertOneOwner, type SubgraphDefinition } from '@storegraph/subgraph';
import { parse, printSchema } from 'graphql';

export interface ComposedGraph {
  /** What the gateway plans by. */
  readonly supergraphSdl: string;
  /** What client teams read: no join directives, nothing internal. */
  readonly apiSdl: string;
}

/** Composes the subgraphs' schemas. Throws with every composition error where they do not fit together. */
export function compose(subgraphs: readonly Pick<SubgraphDefinition, 'name' | 'sdl' | 'owns'>[]): ComposedGraph {
  assertOneOwner(subgraphs);
  // The gateway finds a subgraph by its name, never by an address in the schema, so the committed file holds none.
  const services = subgraphs.map(({ name, sdl }) => ({ name, typeDefs: parse(sdl), url: `storegraph://${name}` }));
  const result = composeServices(services);
  if (result.errors) throw new Error(['The subgraphs do not compose.', ...result.errors.map((error) => error.message)].join('\n'));
  return {
    supergraphSdl: `${result.supergraphSdl.trimEnd()}\n`,
    apiSdl: `${printSchema(result.schema.toAPISchema().toGraphQLJSSchema()).trimEnd()}\n`,
  };
}
