import type { IncomingHttpHeaders } from 'node:http';

const thisMachine = /^https?:\/\/(?:localhost|127\.0\.0\.1|\[::1\])(?::\d{1,5})?$/;

/** The origins that the operator named, for a comparison; `localhost` stands for this machine, on any port. */
export const allowedOrigins = (names: readonly string[]): readonly (string | RegExp)[] =>
  names.map((name) => (name === 'localhost' ? thisMachine : name));

/**
 * Whether a WebSocket may be opened from there. Browsers let any page open one and say only where that comes from; what says no origin is no browser.
 * A page of the gateway's own may.
 */
export function mayOpen({ origin, host }: Pick<IncomingHttpHeaders, 'origin' | 'host'>, allowed: readonly (string | RegExp)[]): boolean {
  if (origin === undefined) return true;
  if (allowed.some((each) => (typeof each === 'string' ? each === origin : each.test(origin)))) return true;
  return URL.canParse(origin) && new URL(origin).host === host;
}
