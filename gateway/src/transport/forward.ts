import { fetch, type Dispatcher } from 'undici';
import type { PublicCaller } from './transport.ts';

/** They belong to one connection (RFC 9110, 7.6.1), or describe a body that `fetch` has already decoded. */
const notForwarded = [
  'connection',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'content-encoding',
  'content-length',
];

/** Sends a public request on to a subgraph's server. The path has been checked, and the caller's identity taken off, before. */
export function forwardOver(dispatcher: Dispatcher, origin: string, hopToken: () => Promise<string>) {
  return async (request: Request, { requestId, ip }: PublicCaller): Promise<Response> => {
    const { pathname, search } = new URL(request.url);
    const headers = new Headers(request.headers);
    for (const name of ['host', ...notForwarded]) headers.delete(name);
    // The gateway's own word, so that the subgraph can believe it about the address. It stands for nobody: the identity in it is anonymous.
    headers.set('authorization', `Bearer ${await hopToken()}`);
    headers.set('x-request-id', requestId);
    headers.set('accept-encoding', 'identity');
    if (ip) headers.set('x-storegraph-client-ip', ip);
    const answer = await fetch(`${origin}${pathname}${search}`, {
      dispatcher,
      method: request.method,
      headers: [...headers],
      redirect: 'manual',
      signal: request.signal,
      ...(request.body && { body: request.body, duplex: 'half' }),
    });
    const answered = new Headers([...answer.headers]);
    for (const name of notForwarded) answered.delete(name);
    return new Response(answer.body as ReadableStream<Uint8Array> | null, { status: answer.status, headers: answered });
  };
}
