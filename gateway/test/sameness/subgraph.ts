import {
  execute,
  GraphQLError,
  isAbstractType,
  isIntrospectionType,
  isObjectType,
  parse,
  validate,
  type DocumentNode,
  type GraphQLFieldResolver,
  type GraphQLTypeResolver,
} from 'graphql';
import { keysOf, type SubgraphSource } from './facts.ts';
import { corrupted, noFaults, type Faults } from './faults.ts';
import { canonical, isRecord } from './hash.ts';
import { isThing, type Thing, type World } from './world.ts';

export interface SubgraphAnswer {
  readonly data: Record<string, unknown> | null;
  readonly errors?: readonly SubgraphError[];
}

export interface SubgraphError {
  readonly message: string;
  readonly path?: readonly (string | number)[];
  readonly extensions: Record<string, unknown>;
}

/** A subgraph in memory: answers as one over HTTP does, as JSON. */
export type Subgraph = (
  query: string,
  operationName: string | undefined,
  variables: Record<string, unknown>,
  faults?: Faults,
) => SubgraphAnswer;

interface Parsed {
  readonly sent: DocumentNode;
  readonly invalid: readonly SubgraphError[];
}

interface Context {
  readonly faults: Faults;
}

export function createSubgraph({ name, document, schema }: SubgraphSource, world: World): Subgraph {
  const parsed = new Map<string, Parsed>();
  const documentOf = (query: string): Parsed => {
    const known = parsed.get(query);
    if (known) return known;
    const sent = parse(query, { noLocation: true });
    const made = {
      sent,
      invalid: validate(schema, sent).map(({ message }) => ({ message: `${name}: ${message}`, extensions: { code: 'BAD_REQUEST' } })),
    };
    parsed.set(query, made);
    return made;
  };

  const find = finder(document, world);
  const entities = (representations: unknown, { faults }: Context) =>
    (representations as Record<string, unknown>[]).map((representation) =>
      faults.misses(name, representation) ? null : find(representation),
    );

  const resolveField: GraphQLFieldResolver<unknown, Context, Readonly<Record<string, unknown>>> = (source, args, context, info) => {
    if (info.parentType === schema.getQueryType() && info.fieldName === '_entities') return entities(args['representations'], context);
    const root = info.operation.operation;
    const thing: Thing = isThing(source) ? source : { typename: `:${root}`, number: 0 };
    const fault = context.faults.at(name, thing, info.fieldName, args);
    if (fault) throw new GraphQLError(fault.message, { extensions: fault.extensions });
    return world.value(thing, info.fieldName, args);
  };
  const resolveType: GraphQLTypeResolver<unknown, Context> = (value) => (isThing(value) ? calledIn(value.typename) : undefined);
  /** What this subgraph calls a thing whose own type it may know only as an interface. */
  const calledIn = (typename: string): string | undefined => {
    if (isObjectType(schema.getType(typename))) return typename;
    return Object.values(schema.getTypeMap()).find(
      (type) => isObjectType(type) && world.entities(type.name).some((each) => each.typename === typename),
    )?.name;
  };

  for (const type of Object.values(schema.getTypeMap())) {
    // graphql-js has one copy of these for every schema.
    if (isIntrospectionType(type)) continue;
    if (isAbstractType(type)) type.resolveType = undefined;
    if (isObjectType(type)) for (const field of Object.values(type.getFields())) field.resolve = undefined;
  }

  return (query, operationName, variables, faults = noFaults) => {
    faults.refuses(name, query);
    const { sent, invalid } = documentOf(query);
    // The planner makes such fetches at times: where a field is wanted and required with different arguments, say.
    if (invalid.length > 0) return { data: null, errors: invalid };
    const answer = execute({
      schema,
      document: sent,
      variableValues: structuredClone(variables),
      operationName,
      contextValue: { faults },
      fieldResolver: resolveField,
      typeResolver: resolveType,
    });
    if (answer instanceof Promise) throw new Error('The data is at hand.');
    const { data, errors } = JSON.parse(JSON.stringify(answer)) as SubgraphAnswer;
    return corrupted(faults, name, { data, ...(errors && { errors: errors.map(plain) }) });
  };
}

const plain = ({ message, path, extensions }: SubgraphError): SubgraphError => ({
  message,
  ...(path && { path }),
  extensions: isRecord(extensions) ? extensions : {},
});

/** Finds the thing behind a reference, by any key of its type that the reference has. */
function finder(document: DocumentNode, world: World): (representation: Record<string, unknown>) => Thing | null {
  const indexes = new Map<string, Map<string, Thing>[]>();
  const indexesOf = (typename: string) => {
    const known = indexes.get(typename);
    if (known) return known;
    const made = keysOf(document, typename).map(
      (key) => new Map(world.entities(typename).map((thing) => [canonical(world.project(thing, key)), thing])),
    );
    indexes.set(typename, made);
    return made;
  };
  return (representation) => {
    const typename = String(representation['__typename']);
    const keys = keysOf(document, typename);
    for (const [at, index] of indexesOf(typename).entries()) {
      const key = keys[at];
      const found = key && index.get(canonical(world.narrowed(representation, key)));
      if (found) return { ...found, reference: representation };
    }
    return null;
  };
}
