import { ApolloServer, HeaderMap, type HTTPGraphQLRequest } from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginInlineTraceDisabled,
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginSchemaReportingDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from '@apollo/server/plugin/disabled';
import type { Logger } from '@storegraph/core';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { GraphQLError } from 'graphql';
import type { RequestContext } from '../context.ts';
import type { Execution } from '../execution/execution.ts';
import { objectsIn, stringifyAnswer } from '../execution/ready-data.ts';
import type { Explaining } from '../explain/asked.ts';
import { explainer } from '../explain/plugin.ts';
import type { IdentityResolver } from '../identity/resolver.ts';
import type { Costs } from '../limits/cost/costs.ts';
import { costMeter } from '../limits/cost/plugin.ts';
import type { Metrics } from '../metrics.ts';
import type { OperationRules } from '../operations/rules.ts';
import { askedIn, withText } from '../persisted/http.ts';
import { incomingTraceparent, traced } from '../tracing.ts';
import { errorReport } from './errors.ts';
import { mask } from './mask.ts';
import { operationCheck } from './operations.ts';

export interface GraphqlOptions {
  readonly execution: Execution;
  readonly identities: IdentityResolver;
  readonly rules: OperationRules;
  /** None: operations are not charged. */
  readonly costs: Costs | undefined;
  /** Whether clients may not register operations by themselves. */
  readonly persistedOnly: boolean;
  readonly explaining: Explaining;
  readonly introspection: boolean;
  readonly metrics: Metrics;
  readonly log: Logger;
}

export interface GraphqlEndpoint {
  answer(request: FastifyRequest, reply: FastifyReply): Promise<Buffer>;
  stop(): Promise<void>;
}

/** Apollo Server, as the part that knows GraphQL over HTTP: parsing, validation, cross-site prevention, persisted queries. */
export async function startGraphql({
  execution,
  identities,
  rules,
  costs,
  persistedOnly,
  explaining,
  introspection,
  metrics,
  log,
}: GraphqlOptions): Promise<GraphqlEndpoint> {
  const server = new ApolloServer<RequestContext>({
    gateway: execution.gateway,
    introspection: true,
    hideSchemaDetailsFromClientErrors: !introspection,
    csrfPrevention: true,
    allowBatchedHttpRequests: false,
    // The server's own cache of what clients register by hash: 30 MiB, the oldest give way.
    ...(persistedOnly && { persistedQueries: false }),
    includeStacktraceInErrorResponses: false,
    stopOnTerminationSignals: false,
    parseOptions: rules.parsing,
    validationOptions: rules.validation,
    formatError: mask,
    stringifyResult: stringifyAnswer,
    logger: {
      debug: () => undefined,
      info: () => undefined,
      warn: (message: unknown) => log.warn({}, String(message)),
      error: (message: unknown) => log.error({}, String(message)),
    },
    plugins: [
      operationCheck(rules),
      ...(costs ? [costMeter(costs, objectsIn)] : []),
      errorReport({ metrics, log }),
      explainer,
      ApolloServerPluginCacheControlDisabled(),
      ApolloServerPluginInlineTraceDisabled(),
      ApolloServerPluginLandingPageDisabled(),
      ApolloServerPluginSchemaReportingDisabled(),
      ApolloServerPluginUsageReportingDisabled(),
    ],
  });
  await server.start();

  async function contextOf(request: FastifyRequest, asked: HTTPGraphQLRequest, signal: AbortSignal): Promise<RequestContext> {
    const userAgent = request.headers['user-agent'] ?? null;
    try {
      const { extensions, ...named } = askedIn(asked);
      const explanation = explaining.begin({ headers: request.headers, extensions });
      const { text, persisted } = rules.read({ ...named, extensions });
      if (persisted && text !== undefined) Object.assign(asked, withText(asked, text));
      const identity = await identities.resolve(request.headers, request.id);
      if (explanation) explaining.ensureAllowed(identity);
      return {
        identity,
        requestId: request.id,
        ip: request.ip,
        userAgent,
        traceparent: incomingTraceparent(request.headers.traceparent),
        signal,
        explanation,
      };
    } catch (error) {
      if (error instanceof GraphQLError) error.extensions['requestId'] = request.id;
      else log.error({ requestId: request.id, error }, 'a request could not be prepared');
      metrics.error(String(mask(error instanceof GraphQLError ? error : { message: '' }).extensions?.['code']));
      throw error;
    }
  }

  return {
    async answer(request, reply) {
      const done = metrics.request();
      const httpGraphQLRequest = asApolloRequest(request);
      const gone = new AbortController();
      reply.raw.once('close', () => {
        if (!reply.raw.writableFinished) gone.abort();
      });
      try {
        const { status, headers, body } = await traced('graphql', incomingTraceparent(request.headers.traceparent), () =>
          server.executeHTTPGraphQLRequest({ httpGraphQLRequest, context: () => contextOf(request, httpGraphQLRequest, gone.signal) }),
        );
        for (const [name, value] of headers) void reply.header(name, value);
        void reply.code(status ?? 200);
        if (body.kind === 'chunked') throw new Error('Incremental delivery is not served here.');
        // As bytes, or Node would join the text with the headers and turn all of it into bytes once more.
        return Buffer.from(body.string);
      } finally {
        done(reply.statusCode);
      }
    },
    stop: () => server.stop(),
  };
}

function asApolloRequest({ method, headers, body, raw }: FastifyRequest): HTTPGraphQLRequest {
  const map = new HeaderMap();
  for (const [name, value] of Object.entries(headers))
    if (value !== undefined) map.set(name, Array.isArray(value) ? value.join(', ') : value);
  const [, search = ''] = raw.url?.split(/(\?.*)/s) ?? [];
  return { method, headers: map, body, search };
}
