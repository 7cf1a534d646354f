import type { Env } from './env.ts';

/** Who knocks at a public route, as the gateway saw it. There is no identity in it. */
export interface PublicCaller {
  readonly requestId: string;
  readonly ip: string | null;
}

export interface PublicCall extends PublicCaller {
  /** Address (its path starts with `/public/`), query and headers. Its body has been read. */
  readonly request: Request;
  readonly params: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

/** A door of a subgraph that is not GraphQL (a webhook, an upload, a tracking link), reached as `/<subgraph>/public<path>`. */
export interface PublicRoute {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Segments, of which `:name` is a parameter: `/track/:token`. */
  readonly path: string;
  /** The largest body that is taken, in bytes. 64 KiB unless told. */
  readonly bodyLimit?: number;
  /** Whether the answer's body asks the database while it is being sent: `env` then lasts until it has been. It ends with the handler unless told. */
  readonly streams?: boolean;
  handler(call: PublicCall, env: Env): Promise<Response>;
}

const defaultBodyLimit = 64 * 1024;

export type RouteMatch =
  | { readonly route: PublicRoute; readonly params: Record<string, string>; readonly body: Uint8Array }
  | { readonly status: 404 | 405 | 413 };

/** The route for a request, with its body, or the status to refuse it with. */
export async function matchRoute(routes: readonly PublicRoute[], request: Request): Promise<RouteMatch> {
  const path = new URL(request.url).pathname.replace(/^\/public/, '');
  const candidates = routes.flatMap((route) => {
    const params = matchPath(route.path, path);
    return params ? [{ route, params }] : [];
  });
  const match = candidates.find(({ route }) => route.method === request.method);
  if (!match) return { status: candidates.length > 0 ? 405 : 404 };
  const body = await readBody(request, match.route.bodyLimit ?? defaultBodyLimit);
  return body ? { ...match, body } : { status: 413 };
}

function matchPath(pattern: string, path: string): Record<string, string> | undefined {
  const expected = pattern.split('/');
  const given = path.split('/');
  if (expected.length !== given.length) return undefined;
  const params: Record<string, string> = {};
  for (const [index, segment] of expected.entries()) {
    const text = given[index] ?? '';
    if (!segment.startsWith(':')) {
      if (segment !== text) return undefined;
      continue;
    }
    const value = decode(text);
    if (!value) return undefined;
    params[segment.slice(1)] = value;
  }
  return params;
}

function decode(segment: string): string | undefined {
  try {
    return decodeURIComponent(segment);
  } catch {
    return undefined;
  }
}

/** The body, or undefined as soon as it is longer than the limit. */
async function readBody(request: Request, limit: number): Promise<Uint8Array | undefined> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of request.body ?? []) {
    size += chunk.byteLength;
    if (size > limit) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, size);
}
