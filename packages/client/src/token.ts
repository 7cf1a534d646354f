export type TokenSource = () => string | null | undefined | Promise<string | null | undefined>;

export interface TokenOptions {
  readonly token?: TokenSource | undefined;
  readonly expiresAt?: ((token: string) => number | undefined) | undefined;
  readonly refreshBefore: number;
}

type Payload = Record<string, unknown>;
type Asked = { readonly token: string | undefined } | { readonly failure: unknown };

/** The token of one connection after the other. */
export interface Credential {
  /** Asks for the token of the next connection. Never rejects: what `token` throws is the connection's `failure`. */
  ask(): Promise<void>;
  /** What the connection opens with. Throws when there is no token to be had. */
  params(): Payload;
  /** Why there was no token to be had; null when there was one. */
  failure(): { readonly cause: unknown } | null;
  /** The server took it: from now on a new one is sent before it expires. */
  accepted(send: (payload: Payload) => void): void;
  /** The server refused it. True when it had refused the one before as well. */
  refused(): boolean;
  /** The connection is gone. */
  stop(): void;
}

/** `setTimeout` takes no more. */
const longestWait = 2 ** 31 - 1;
const shortestWait = 1_000;

export function createCredential({ token: source, expiresAt = expiryOf, refreshBefore }: TokenOptions): Credential {
  let current: Asked = { token: undefined };
  let refusals = 0;
  let lastRefused: Asked | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  /** Changes with the connection, so that a token which comes too late is not sent on the next one. */
  let connection = 0;

  const ask = async (): Promise<Asked> => {
    try {
      return { token: (await source?.()) ?? undefined };
    } catch (failure) {
      return { failure };
    }
  };
  const tokenOf = (asked: Asked | undefined) => (asked && 'token' in asked ? asked.token : undefined);
  const payload = (): Payload => {
    const token = tokenOf(current);
    return token === undefined ? {} : { authorization: `Bearer ${token}` };
  };

  const schedule = (send: (payload: Payload) => void) => {
    const token = tokenOf(current);
    const end = token === undefined ? undefined : expiresAt(token);
    const left = end === undefined ? 0 : end - Date.now();
    // Of a token that seems to have expired, though the server took it, this clock can tell nothing.
    if (left <= 0) return;
    const wait = left - Math.min(refreshBefore, left / 2);
    timer = setTimeout(() => void refresh(connection, send), Math.min(longestWait, Math.max(shortestWait, wait)));
  };

  async function refresh(asking: number, send: (payload: Payload) => void): Promise<void> {
    const asked = await ask();
    if (asking !== connection) return;
    if ('token' in asked && asked.token !== tokenOf(current)) {
      current = asked;
      send(payload());
    }
    schedule(send);
  }

  return {
    async ask() {
      current = await ask();
    },
    params() {
      if ('failure' in current) throw new Error('There is no token.');
      return payload();
    },
    failure: () => ('failure' in current ? { cause: current.failure } : null),
    accepted(send) {
      if (tokenOf(lastRefused) !== tokenOf(current)) refusals = 0;
      schedule(send);
    },
    refused() {
      refusals += 1;
      lastRefused = current;
      if (refusals < 2) return false;
      // Whoever subscribes after that has a reason to.
      refusals = 0;
      return true;
    },
    stop() {
      connection += 1;
      clearTimeout(timer);
    },
  };
}

/** When a JWT expires (RFC 7519, `exp`), in milliseconds since 1970. Nothing is verified: that is the server's. */
export function expiryOf(token: string): number | undefined {
  try {
    const claims: unknown = JSON.parse(atob((token.split('.')[1] ?? '').replaceAll('-', '+').replaceAll('_', '/')));
    return typeof claims === 'object' && claims !== null && 'exp' in claims && typeof claims.exp === 'number'
      ? claims.exp * 1_000
      : undefined;
  } catch {
    return undefined;
  }
}
