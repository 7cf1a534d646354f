import { defaultFieldResolver, type GraphQLFieldResolver, type GraphQLResolveInfo } from 'graphql';
import { assertAccess, type AccessRule } from './access.ts';
import type { AccessRules, ResolverMap } from './checks.ts';
import type { RequestContext } from './context.ts';
import { PublicError } from './errors.ts';
import { isLive, type LiveResolver } from './live.ts';
import { keysOf, type ObjectSketch } from './sdl.ts';

type Resolver = GraphQLFieldResolver<unknown, RequestContext>;
type ReferenceResolver = (reference: unknown, ctx: RequestContext, info: GraphQLResolveInfo) => unknown;
type BuiltResolvers = Map<string, Record<string, Resolver | ReferenceResolver | LiveResolver>>;

/** The resolvers as they are executed: behind their access rules, mutations also under their name, and every entity with a guarded reference. */
export function enforceAccess(resolvers: ResolverMap, objects: ReadonlyMap<string, ObjectSketch>, rules: AccessRules): BuiltResolvers {
  const built: BuiltResolvers = new Map();
  for (const [type, fields] of resolvers) built.set(type, Object.fromEntries(fields) as Record<string, Resolver>);

  for (const object of objects.values()) {
    const own = built.get(object.name) ?? {};
    for (const field of object.fields.keys()) {
      const rule = rules.get(`${object.name}.${field}`);
      if (!rule) continue;
      if (object.name === 'Subscription') {
        const live = own[field];
        if (isLive(live)) own[field] = guardLive(rule, live);
        continue;
      }
      const resolver = (own[field] as Resolver | undefined) ?? defaultFieldResolver;
      own[field] = guardField(rule, object.name === 'Mutation' ? underItsName(resolver) : resolver);
    }
    const keys = keysOf(object);
    if (keys.length > 0) {
      const resolve = own['__resolveReference'] as ReferenceResolver | undefined;
      own['__resolveReference'] = guardReference(keys.some((key) => key.resolvable) ? rules.get(object.name) : undefined, resolve);
    }
    if (Object.keys(own).length > 0) built.set(object.name, own);
  }
  return built;
}

const guardField =
  (rule: AccessRule, resolve: Resolver): Resolver =>
  (source, args, ctx, info) => {
    assertAccess(rule, ctx.identity);
    return resolve(source, args, ctx, info);
  };

/** The rule is asked when the subscription begins, and again at each event. */
const guardLive = (rule: AccessRule, { subscribe, resolve = defaultFieldResolver }: LiveResolver): LiveResolver => ({
  subscribe: guardField(rule, subscribe),
  resolve: guardField(rule, resolve),
});

/** Asynchronous so that a refusal costs its own entity only: one thrown at once would take the whole list of entities with it. */
const guardReference =
  (rule: AccessRule | undefined, resolve: ReferenceResolver = (reference) => reference): ReferenceResolver =>
  async (reference, ctx, info) => {
    if (!rule) throw new PublicError('BAD_REQUEST', 'This subgraph does not resolve that entity.');
    assertAccess(rule, ctx.identity);
    return await resolve(reference, ctx, info);
  };

/** graphql-js runs the mutations of an operation one after the other, so the request can know which one its writes belong to. */
const underItsName =
  (resolve: Resolver): Resolver =>
  (source, args, ctx, info) => {
    ctx.signal.throwIfAborted();
    ctx.beginMutation(info, args as Record<string, unknown>);
    return resolve(source, args, ctx, info);
  };
