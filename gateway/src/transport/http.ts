import { anonymous, system, type Credential, type HopSigner, type Identity } from '@storegraph/auth';
import { Pool } from 'undici';
import { z } from 'zod';
import { createBreaker } from './breaker.ts';
import { forwardOver } from './forward.ts';
import { subscribeOver } from './live.ts';
import { post } from './post.ts';
import { HopFailed, type SubgraphRequest, type SubgraphTransport } from './transport.ts';

export interface HttpTransportOptions {
  /** The subgraph's name: the audience of the hop tokens. */
  readonly name: string;
  /** Where its process listens, without a path. */
  readonly url: string;
  /** Where it answers GraphQL; with a query, if it has one. */
  readonly path?: string;
  /** Signs who calls. Null for a subgraph that is not ours: then it can't know the caller, can't say who anybody is, and has no public routes. */
  readonly signer: HopSigner | null;
  readonly maxConnections?: number;
  /** How many calls may be under way or queued; further ones fail at once rather than pile up behind a slow subgraph. */
  readonly maxCalls?: number;
  readonly maxAnswerBytes?: number;
}

const exchangeAnswer = z.object({ identity: z.custom<Identity>((value) => typeof value === 'object').nullable() });

/** Calls a subgraph in another process over kept-alive connections. Each call carries the caller's identity, signed for this subgraph. */
export function httpTransport({
  name,
  url,
  path: endpoint = '/graphql',
  signer,
  maxConnections = 64,
  maxCalls = 512,
  maxAnswerBytes = 16 * 1024 * 1024,
}: HttpTransportOptions): SubgraphTransport {
  const origin = new URL(url).origin;
  const breaker = createBreaker();
  // Time is limited by the signal that each call brings; undici's own limits would only blur which one fired.
  const pool = new Pool(origin, { connections: maxConnections, pipelining: 1, connectTimeout: 1_000, headersTimeout: 0, bodyTimeout: 0 });
  let calls = 0;

  async function call(path: string, identity: Identity, headers: Record<string, string>, body: string, signal: AbortSignal | undefined) {
    if (calls >= maxCalls) throw new HopFailed('BUSY');
    const report = breaker.enter();
    if (!report) throw new HopFailed('BREAKER_OPEN');
    calls += 1;
    try {
      const signed = signer && { authorization: `Bearer ${await signer.sign(identity, name)}` };
      const posted = { path, headers: { ...headers, 'content-type': 'application/json', ...signed }, body, signal };
      const { status, text } = await post(pool, posted, maxAnswerBytes);
      if (status !== 200) {
        report(!awayStatus.has(status));
        throw new HopFailed('BAD_STATUS', { cause: new Error(String(status)) });
      }
      report(true);
      return parse(text);
    } catch (error) {
      // Whoever gave up, gave up on its own account, unless it was for the time that the subgraph took.
      report(error instanceof HopFailed && error.code === 'TOO_LARGE' ? true : signal?.aborted && !isLate(signal.reason) ? null : false);
      throw error;
    } finally {
      calls -= 1;
    }
  }

  const socketUrl = `${origin.replace(/^http/, 'ws')}${endpoint}`;
  const live = subscribeOver({ url: socketUrl, sign: signer && ((identity) => signer.sign(identity, name)), maxAnswerBytes });

  return {
    subscribe: live.subscribe,
    breaker: () => breaker.state(),
    execute: (request) => call(endpoint, request.identity, hopHeaders(request), bodyOf(request), request.signal),
    ...(signer && {
      exchange: async (credential: Credential, { requestId, signal }: { requestId: string; signal: AbortSignal }) => {
        const answer = exchangeAnswer.safeParse(
          await call('/internal/exchange', system(null), { 'x-request-id': requestId }, JSON.stringify(credential), signal),
        );
        if (!answer.success) throw new HopFailed('BAD_SHAPE');
        return answer.data.identity;
      },
      forward: forwardOver(pool, origin, () => signer.sign(anonymous(), name)),
    }),
    healthy: async (signal) => {
      // Whoever serves GraphQL answers this; our own subgraphs know better whether they can serve.
      const probe = { path: endpoint, headers: { 'content-type': 'application/json' }, body: '{"query":"{ __typename }"}' };
      const answer = await pool.request(signer ? { method: 'GET', path: '/health/ready', signal } : { ...probe, method: 'POST', signal });
      await answer.body.dump();
      return answer.statusCode === 200;
    },
    close: async () => {
      live.close();
      await pool.destroy();
    },
  };
}

/** Of a server that says it can't serve, or of a proxy that did not reach it. */
const awayStatus: ReadonlySet<number> = new Set([502, 503, 504]);

const isLate = (reason: unknown) => reason instanceof HopFailed && reason.code === 'DEADLINE';

function hopHeaders({ requestId, ip, userAgent, traceparent, deadline }: SubgraphRequest): Record<string, string> {
  return {
    'x-request-id': requestId,
    ...(deadline !== undefined && { 'x-storegraph-deadline': String(deadline) }),
    ...(traceparent && { traceparent }),
    ...(ip && { 'x-storegraph-client-ip': ip }),
    ...(userAgent && { 'x-storegraph-client-agent': userAgent }),
  };
}

/** The variables are text already where whoever calls has written them. */
const bodyOf = (request: SubgraphRequest): string =>
  request.variablesText === undefined
    ? JSON.stringify({ query: request.query, operationName: request.operationName, variables: request.variables })
    : `{"query":${JSON.stringify(request.query)},"operationName":${JSON.stringify(request.operationName ?? null)},"variables":${request.variablesText}}`;

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new HopFailed('NOT_JSON', { cause });
  }
}
