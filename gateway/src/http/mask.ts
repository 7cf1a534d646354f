import { withoutValues } from '@storegraph/core';
import type { GraphQLFormattedError } from 'graphql';
import { internalMessage, isErrorCode, type ErrorCode } from '../errors.ts';

/** Codes of the GraphQL protocol itself, which clients act upon (automatic persisted queries) or show to developers. */
const protocolCodes: ReadonlySet<unknown> = new Set([
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'PERSISTED_QUERY_NOT_FOUND',
  'PERSISTED_QUERY_NOT_SUPPORTED',
]);

const renamed: Readonly<Record<string, ErrorCode>> = { BAD_USER_INPUT: 'BAD_REQUEST', OPERATION_RESOLUTION_FAILURE: 'BAD_REQUEST' };

/** A message may repeat a name that a client sent, however long it was. */
const longestMessage = 1_000;

/** What a client sees of an error: one of our codes with its message and path, or INTERNAL and nothing of what happened. */
export function mask({ message, path, locations, extensions = {} }: GraphQLFormattedError): GraphQLFormattedError {
  const given = extensions['code'];
  const code = typeof given === 'string' ? (renamed[given] ?? given) : 'INTERNAL';
  const at = { ...(locations && { locations }), ...(path && { path }) };
  const passes = protocolCodes.has(code) || (isErrorCode(code) && code !== 'INTERNAL');
  if (!passes) return { message: internalMessage, ...at, extensions: { ...service(extensions), code: 'INTERNAL' } };
  const limit = typeof extensions['limit'] === 'string' ? { limit: extensions['limit'] } : {};
  // Only the gateway itself refuses with these codes: what a subgraph says never carries more than a code.
  const cost = code === 'THROTTLED' || code === 'MAX_COST_EXCEEDED' ? { cost: extensions['cost'] } : {};
  return {
    message: withoutValues(message).slice(0, longestMessage),
    ...at,
    extensions: { ...service(extensions), ...limit, ...cost, code },
  };
}

const service = ({ serviceName }: Record<string, unknown>) => (typeof serviceName === 'string' ? { serviceName } : {});
