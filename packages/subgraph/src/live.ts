import type { GraphQLFieldResolver } from 'graphql';
import type { RequestContext } from './context.ts';

type Resolver = GraphQLFieldResolver<unknown, RequestContext>;

/** A field of Subscription: where its events come from, and what each of them becomes. */
export interface LiveResolver {
  readonly subscribe: Resolver;
  readonly resolve?: Resolver;
}

export const isLive = (field: unknown): field is LiveResolver =>
  typeof field === 'object' && field !== null && 'subscribe' in field && typeof field.subscribe === 'function';
