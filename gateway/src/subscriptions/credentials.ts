import type { IncomingHttpHeaders } from 'node:http';
import type { Credentials } from './guard.ts';

const names: ReadonlySet<string> = new Set(['authorization', 'x-storegraph-store']);

/** What a payload (of `connection_init`, or of a `ping`) says of who somebody is, in the form of headers. Null where it says nothing. */
export function credentialsIn(payload: Readonly<Record<string, unknown>> | null | undefined): Credentials | null {
  const given = Object.entries(payload ?? {}).flatMap(([name, value]) =>
    names.has(name.toLowerCase()) && typeof value === 'string' ? [[name.toLowerCase(), value] as const] : [],
  );
  return given.length > 0 ? Object.fromEntries(given) : null;
}

/** What the headers of a request say of it. */
export const credentialsOf = ({ authorization, 'x-storegraph-store': store }: IncomingHttpHeaders): Credentials => ({
  authorization,
  'x-storegraph-store': store,
});
