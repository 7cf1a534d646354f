import { GraphQLError } from 'graphql';

/** The codes of top-level errors that clients may meet. A subgraph's error with any other code is masked. */
export const codes = [
  'UNAUTHENTICATED',
  'FORBIDDEN',
  'BAD_REQUEST',
  'MAX_COST_EXCEEDED',
  'PERSISTED_QUERY_ONLY',
  'RATE_LIMITED',
  'THROTTLED',
  'SUBGRAPH_UNAVAILABLE',
  // What keeps a live field from beginning: there is nothing to follow.
  'NOT_FOUND',
  // What ends a live field early: its cursor is too old, or what there was was not taken in time.
  'RESYNC',
  'FELL_BEHIND',
  'INTERNAL',
] as const;

export type ErrorCode = (typeof codes)[number];

const known: ReadonlySet<unknown> = new Set(codes);

export const isErrorCode = (code: unknown): code is ErrorCode => known.has(code);

const status: Record<ErrorCode, number> = {
  UNAUTHENTICATED: 401,
  FORBIDDEN: 403,
  BAD_REQUEST: 400,
  MAX_COST_EXCEEDED: 400,
  PERSISTED_QUERY_ONLY: 400,
  RATE_LIMITED: 429,
  THROTTLED: 429,
  SUBGRAPH_UNAVAILABLE: 503,
  NOT_FOUND: 404,
  RESYNC: 410,
  FELL_BEHIND: 503,
  INTERNAL: 500,
};

export const internalMessage = 'Something went wrong on our side.';

export const unavailableMessage = (subgraph: string) =>
  `The part of the graph that is served by "${subgraph}" is not available at the moment.`;

/** Refuses a whole request: the error carries the HTTP status that belongs to its code. */
export const refused = (code: ErrorCode, message: string, extensions: Record<string, unknown> = {}): GraphQLError =>
  new GraphQLError(message, { extensions: { ...extensions, code, http: { status: status[code] } } });

/** The status that belongs to an error's code. */
export const httpStatus = ({ extensions: { code } }: GraphQLError): number | undefined => (isErrorCode(code) ? status[code] : undefined);

export const subgraphUnavailable = (subgraph: string): GraphQLError =>
  refused('SUBGRAPH_UNAVAILABLE', unavailableMessage(subgraph), { serviceName: subgraph });
