import type { Credential, Identity } from '@storegraph/auth';
import type { Reaction } from '@storegraph/events';
import type { Job } from '@storegraph/jobs';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { concatAST, graphqlSync, Kind, type DocumentNode, type GraphQLSchema } from 'graphql';
import { checkAccess, checkPayloads, checkResolvers, type ResolverMap } from './checks.ts';
import { enforceAccess } from './enforce.ts';
import type { Env } from './env.ts';
import type { PublicRoute } from './routes.ts';
import { scalars } from './scalars.ts';
import { baseSdl, keysOf, readSdl, sketchObjects } from './sdl.ts';

/** One aggregate of a domain: a folder with its SDL, resolvers, reactions and jobs. */
export interface Module {
  readonly document: DocumentNode;
  readonly resolvers: object;
  readonly reactions: readonly Reaction[];
  readonly jobs: readonly Job[];
  readonly routes: readonly PublicRoute[];
}

const noSdl: DocumentNode = { kind: Kind.DOCUMENT, definitions: [] };

/**
 * `schema`: the module's SDL file, `new URL('./schema.graphql', import.meta.url)`; a module that only listens or works has none. Throws when it can't be
 * read or parsed.
 */
export function defineModule({
  schema,
  resolvers = {},
  reactions = [],
  jobs = [],
  routes = [],
}: {
  schema?: URL;
  resolvers?: object;
  reactions?: readonly Reaction[];
  jobs?: readonly Job[];
  routes?: readonly PublicRoute[];
}): Module {
  return { document: schema ? readSdl(schema) : noSdl, resolvers, reactions, jobs, routes };
}

/** Turns a credential into an identity, or gives null for one that is not this issuer's or is good no more. */
export type Exchange = (env: Env, credential: Credential) => Promise<Identity | null>;

/** What a domain needs done before it serves: to have a signing key, say. Runs at every start, in several processes at once. */
export type Start = (env: Env) => Promise<void>;

export interface SubgraphDefinition {
  readonly name: string;
  /** What composition reads, and `_service { sdl }` answers. */
  readonly sdl: string;
  readonly schema: GraphQLSchema;
  /** The entities that it defines and resolves; those of others it extends or names as stubs. */
  readonly owns: readonly string[];
  readonly exchange?: Exchange;
  readonly start?: Start;
  readonly reactions: readonly Reaction[];
  readonly jobs: readonly Job[];
  readonly routes: readonly PublicRoute[];
}

/** The subgraph that the modules make up. Throws, naming each mistake, when anything in it could be reached without an access rule. */
export function defineSubgraph({
  name,
  modules,
  exchange,
  start,
}: {
  name: string;
  modules: readonly Module[];
  exchange?: Exchange;
  start?: Start;
}): SubgraphDefinition {
  // It is a database schema and a part of role names, too.
  if (!/^[a-z][a-z0-9]{0,30}$/.test(name)) throw new Error(`"${name}" can't be a subgraph's name.`);
  const document = concatAST([baseSdl(), ...modules.map((module) => module.document)]);
  const objects = sketchObjects(document);
  const { rules, mistakes } = checkAccess(document, objects);
  refuseFor(name, mistakes);

  const resolvers = mergeResolvers(name, modules);
  const schema = buildSubgraphSchema({
    typeDefs: document,
    resolvers: { ...Object.fromEntries(enforceAccess(resolvers, objects, rules)), ...scalars },
  });
  refuseFor(name, [...checkPayloads(schema), ...checkResolvers(schema, objects, resolvers)]);

  return {
    name,
    sdl: serviceSdl(schema),
    schema,
    owns: [...objects.values()]
      .filter((object) => object.defined && keysOf(object).some((key) => key.resolvable))
      .map((object) => object.name),
    ...(exchange && { exchange }),
    ...(start && { start }),
    reactions: modules.flatMap((module) => module.reactions),
    jobs: modules.flatMap((module) => module.jobs),
    routes: modules.flatMap((module) => module.routes),
  };
}

/**
 * Throws when two subgraphs define the same entity: one of them must say `extend type`, which makes it guard every field that it adds.
 */
export function assertOneOwner(definitions: readonly Pick<SubgraphDefinition, 'name' | 'owns'>[]): void {
  const owners = Map.groupBy(
    definitions.flatMap(({ name, owns }) => owns.map((entity) => ({ name, entity }))),
    ({ entity }) => entity,
  );
  for (const [entity, [owner, other]] of owners) {
    if (owner && other)
      throw new Error(`${entity} is defined by ${owner.name} and by ${other.name}: write "extend type ${entity}" where it is foreign.`);
  }
}

function refuseFor(name: string, mistakes: readonly string[]): void {
  if (mistakes.length > 0) throw new Error(`The subgraph ${name} can't start:\n${mistakes.map((line) => `  ${line}`).join('\n')}`);
}

function mergeResolvers(name: string, modules: readonly Module[]): ResolverMap {
  const merged = new Map<string, Map<string, unknown>>();
  for (const [type, fields] of modules.flatMap((module) => Object.entries(module.resolvers) as [string, object | undefined][])) {
    const known = merged.get(type) ?? new Map<string, unknown>();
    merged.set(type, known);
    for (const [field, resolver] of Object.entries(fields ?? {}) as [string, unknown][]) {
      if (known.has(field)) throw new Error(`The subgraph ${name} has two resolvers for ${type}.${field}.`);
      known.set(field, resolver);
    }
  }
  return merged;
}

function serviceSdl(schema: GraphQLSchema): string {
  const answer = graphqlSync({ schema, source: '{ _service { sdl } }' }).data as { _service: { sdl: string } } | null | undefined;
  if (!answer) throw new Error('The schema does not answer _service.');
  return answer._service.sdl;
}
