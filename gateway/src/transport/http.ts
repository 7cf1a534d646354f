import { anonymous, system, type Credential, type HopSigner, type Identity } from '@storegraph/auth';
import { Pool, type Dispatcher } from 'undici';
import { z } from 'zod';
import { forwardOver } from './forward.ts';
import { HopFailed, type SubgraphRequest, type SubgraphTransport } from './transport.ts';

export interface HttpTransportOptions {
  /** The subgraph's name: the audience of the hop tokens. */
  readonly name: string;
  /** Where its process listens, without a path. */
  readonly url: string;
  readonly signer: HopSigner;
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
  signer,
  maxConnections = 64,
  maxCalls = 512,
  maxAnswerBytes = 16 * 1024 * 1024,
}: HttpTransportOptions): SubgraphTransport {
  const origin = new URL(url).origin;
  // Time is limited by the signal that each call brings; undici's own limits would only blur which one fired.
  const pool = new Pool(origin, { connections: maxConnections, pipelining: 1, connectTimeout: 1_000, headersTimeout: 0, bodyTimeout: 0 });
  let calls = 0;

  async function post(path: string, identity: Identity, headers: Record<string, string>, body: unknown, signal: AbortSignal | undefined) {
    if (calls >= maxCalls) throw new HopFailed('BUSY');
    calls += 1;
    try {
      const answer = await pool.request({
        method: 'POST',
        path,
        headers: { ...headers, 'content-type': 'application/json', authorization: `Bearer ${await signer.sign(identity, name)}` },
        body: JSON.stringify(body),
        ...(signal && { signal }),
      });
      if (answer.statusCode !== 200) {
        await answer.body.dump();
        throw new HopFailed('BAD_STATUS', { cause: new Error(String(answer.statusCode)) });
      }
      return parse(await readText(answer, maxAnswerBytes));
    } finally {
      calls -= 1;
    }
  }

  return {
    execute: ({ query, operationName, variables, identity, signal, ...rest }) =>
      post('/graphql', identity, hopHeaders(rest), { query, operationName, variables }, signal),
    exchange: async (credential: Credential, { requestId, signal }) => {
      const answer = exchangeAnswer.safeParse(
        await post('/internal/exchange', system(null), { 'x-request-id': requestId }, credential, signal),
      );
      if (!answer.success) throw new HopFailed('BAD_SHAPE');
      return answer.data.identity;
    },
    forward: forwardOver(pool, origin, () => signer.sign(anonymous(), name)),
    healthy: async (signal) => {
      const answer = await pool.request({ method: 'GET', path: '/health/ready', signal });
      await answer.body.dump();
      return answer.statusCode === 200;
    },
    close: () => pool.destroy(),
  };
}

function hopHeaders({
  requestId,
  ip,
  userAgent,
  traceparent,
  deadline,
}: Omit<SubgraphRequest, 'query' | 'identity'>): Record<string, string> {
  return {
    'x-request-id': requestId,
    ...(deadline !== undefined && { 'x-storegraph-deadline': String(deadline) }),
    ...(traceparent && { traceparent }),
    ...(ip && { 'x-storegraph-client-ip': ip }),
    ...(userAgent && { 'x-storegraph-client-agent': userAgent }),
  };
}

async function readText({ headers, body }: Dispatcher.ResponseData, limit: number): Promise<string> {
  const refuse = () => {
    // Reading on would only fill memory: the connection is given up.
    body.on('error', () => undefined).destroy();
    return new HopFailed('TOO_LARGE');
  };
  if (Number(headers['content-length'] ?? 0) > limit) throw refuse();
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > limit) throw refuse();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, size).toString('utf8');
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new HopFailed('NOT_JSON', { cause });
  }
}
