import type { PublicRoute } from '@storegraph/subgraph';
import { withIssuer } from './signing-keys.ts';

/** The public halves of the keys that sign customers' access tokens (RFC 7517), for whoever has to check one without asking. */
export const jwks: PublicRoute = {
  method: 'GET',
  path: '/jwks.json',
  handler: async (_, env) => {
    const keys = await withIssuer(env, env.db, (issuer) => issuer.jwks());
    const headers = { 'content-type': 'application/jwk-set+json', 'cache-control': 'public, max-age=300' };
    return new Response(JSON.stringify(keys), { headers });
  },
};
