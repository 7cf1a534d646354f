import { composeServices } from '@apollo/composition';
import { Supergraph, type Schema } from '@apollo/federation-internals';
import { QueryPlanner } from '@apollo/query-planner';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { parse, type GraphQLSchema } from 'graphql';
import { mostPaths } from '../../src/execution/plan/planner.ts';
import { factsOf } from './facts.ts';
import { createSubgraph, type Subgraph } from './subgraph.ts';
import { createWorld, type World } from './world.ts';

/** The SDL of each subgraph, by its name. */
export type SubgraphSdls = Readonly<Record<string, string>>;

/** A supergraph, ready to plan over. */
export interface Planned {
  readonly supergraphSdl: string;
  readonly planner: QueryPlanner;
  /** What clients see. */
  readonly schema: GraphQLSchema;
  readonly api: Schema;
  readonly supergraphSchema: GraphQLSchema;
}

/** Subgraphs put together, with data behind them. */
interface Composed extends Planned {
  readonly world: World;
  readonly subgraphs: Readonly<Record<string, Subgraph>>;
}

const federation = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@requires", "@provides", "@external",
  "@shareable", "@override", "@inaccessible", "@interfaceObject", "@tag", "@cost", "@listSize"])\n`;

/** The most plans that are weighed for one operation: few, since the samples' operations are wild. Of paths as many as ours. */
export const maxEvaluatedPlans = 200;

/** A subgraph that links nothing speaks of the second federation. */
export const linked = (sdl: string) => (sdl.includes('@link(') || sdl.startsWith('# federation 1') ? sdl : federation + sdl);

export function supergraphOf(sdls: SubgraphSdls): string {
  const composed = composeServices(
    Object.entries(sdls).map(([name, sdl]) => ({ name, url: `http://${name}.test`, typeDefs: parse(linked(sdl)) })),
  );
  if (!composed.supergraphSdl) throw new Error(composed.errors?.map(String).join('\n'));
  return composed.supergraphSdl;
}

export function plannedOver(supergraphSdl: string): Planned {
  const supergraph = Supergraph.build(supergraphSdl);
  const api = supergraph.apiSchema();
  return {
    supergraphSdl,
    planner: new QueryPlanner(supergraph, { debug: { maxEvaluatedPlans, pathsLimit: mostPaths } }),
    schema: api.toGraphQLJSSchema(),
    api,
    supergraphSchema: supergraph.schema.toGraphQLJSSchema(),
  };
}

/** Composes the subgraphs and makes them answer from one world, which follows from the seed. */
export function composedOf(sdls: SubgraphSdls, seed = 1): Composed {
  const sources = Object.entries(sdls).map(([name, sdl]) => {
    const document = parse(linked(sdl));
    return { name, document, schema: buildSubgraphSchema({ typeDefs: document }) };
  });
  const world = createWorld(factsOf(sources), seed);
  return {
    ...plannedOver(supergraphOf(sdls)),
    world,
    subgraphs: Object.fromEntries(sources.map((source) => [source.name, createSubgraph(source, world)])),
  };
}
