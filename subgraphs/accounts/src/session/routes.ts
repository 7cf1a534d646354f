import type { PublicRoute } from '@storegraph/subgraph';
import { tokenIssuer } from './signing-keys.ts';

/** The public halves of the keys that sign staff's access tokens (RFC 7517), for whoever has to check one without asking. */
export const jwks: PublicRoute = {
  method: 'GET',
  path: '/jwks.json',
  handler: async (_, env) => {
    const headers = { 'content-type': 'application/jwk-set+json', 'cache-control': 'public, max-age=300' };
    return new Response(JSON.stringify(await tokenIssuer(env).jwks(env.db)), { headers });
  },
};
