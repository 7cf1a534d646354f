import type { ApolloServerPlugin } from '@apollo/server';
import type { Logger } from '@storegraph/core';
import type { FastifyInstance } from 'fastify';
import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import type { RequestContext } from '../context.ts';
import { httpStatus } from '../errors.ts';
import { logFew } from '../log-few.ts';
import type { Metrics } from '../metrics.ts';
import { mask } from './mask.ts';

/** Puts the request's id on each error, so that a user can name it and an operator find it; counts them; and logs a few of those that a client is not told. */
export function errorReport({ metrics, log }: { metrics: Metrics; log: Logger }): ApolloServerPlugin<RequestContext> {
  return {
    requestDidStart: () =>
      Promise.resolve({
        didEncounterErrors: ({ errors, contextValue: { requestId } }) => {
          const internal = errors.filter((error) => {
            const { code } = mask(error).extensions ?? {};
            metrics.error(String(code));
            return code === 'INTERNAL';
          });
          const told = internal.map((error) => ({ error: error.originalError ?? error }));
          logFew(log, { requestId, code: 'INTERNAL' }, told, 'a request met an internal error');
          return Promise.resolve();
        },
        willSendResponse: ({ response: { body }, contextValue: { requestId } }) => {
          if (body.kind === 'single' && body.singleResult.errors)
            body.singleResult.errors = body.singleResult.errors.map((error) => named(error, requestId));
          return Promise.resolve();
        },
      }),
  };
}

/** An error with the id of the request that met it. */
export const named = (error: GraphQLFormattedError, requestId: string): GraphQLFormattedError => ({
  ...error,
  extensions: { ...error.extensions, requestId },
});

const messages: Readonly<Record<number, string>> = {
  404: 'There is nothing at this address.',
  405: 'This address does not take that method.',
  413: 'The body is too large.',
  415: 'The content-type must be application/json.',
};

/** Answers what never reaches GraphQL (a body that is too large or not JSON, an unknown path) in the same form as GraphQL's own errors. */
export function answerErrorsAsGraphql(app: FastifyInstance, log: Logger): void {
  const refusal = (status: number): GraphQLFormattedError => ({
    message: messages[status] ?? 'The request can not be read.',
    extensions: { code: 'BAD_REQUEST' },
  });
  app.setNotFoundHandler((request, reply) => reply.code(404).send({ errors: [named(refusal(404), request.id)] }));
  app.setErrorHandler((error, request, reply) => {
    const status = statusOf(error);
    if (status === 500) log.error({ requestId: request.id, error }, 'a request failed outside GraphQL');
    const shown =
      error instanceof GraphQLError || status === 500
        ? mask(error instanceof GraphQLError ? error.toJSON() : { message: '' })
        : refusal(status);
    return reply.code(status).send({ errors: [named(shown, request.id)] });
  });
}

function statusOf(error: unknown): number {
  if (error instanceof GraphQLError) return httpStatus(error) ?? 500;
  const status = typeof error === 'object' && error !== null && 'statusCode' in error ? error.statusCode : undefined;
  return typeof status === 'number' && status >= 400 && status < 500 ? status : 500;
}
