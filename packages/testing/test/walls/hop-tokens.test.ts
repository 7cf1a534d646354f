import { createHopSigner, createHopVerifier, createSealer, deriveSecrets, generateHopKeys } from '@storegraph/auth';
import { movableClock, newId, silentLogger } from '@storegraph/core';
import { createRuntime, serveSubgraph } from '@storegraph/subgraph';
import { afterAll, describe, expect, it } from 'vitest';
import { testDatabase } from '../../src/database.ts';
import { deploymentSecret } from '../../src/deployment.ts';
import { identity } from '../../src/identities.ts';
import { domains } from './sdl.ts';

const database = await testDatabase();
const { sealingKey } = deriveSecrets(deploymentSecret);
const sealer = createSealer({ keys: [sealingKey], current: sealingKey.id });
const keys = await generateHopKeys();
const clock = movableClock(new Date());
const signer = createHopSigner({ ...keys, clock });
const owner = identity.staff(newId('sto'));

const changed = (token: string, part: number, change: (text: string) => string) =>
  token
    .split('.')
    .map((text, index) => (index === part ? change(text) : text))
    .join('.');
const asSystem = (payload: string) =>
  Buffer.from(Buffer.from(payload, 'base64url').toString().replace('"STAFF"', '"SYSTEM"')).toString('base64url');
const unsigned = Buffer.from(JSON.stringify({ alg: 'none', typ: 'hop+jwt' })).toString('base64url');

describe.each(domains.map((domain) => [domain.name, domain] as const))('the port of %s', async (name, domain) => {
  const runtime = createRuntime(domain, { pool: database.pool, log: silentLogger, sealer });
  const hopVerifier = createHopVerifier({ ...keys, audience: name });
  const server = await serveSubgraph(runtime, { port: 0, host: '127.0.0.1', hopVerifier, log: silentLogger });
  afterAll(async () => {
    await server.close();
    await runtime.close();
  });
  const ask = (token: string | null) =>
    fetch(`${server.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(token === null ? {} : { authorization: `Bearer ${token}` }) },
      body: JSON.stringify({ query: '{ _service { sdl } __typename }' }),
    });
  const elsewhere = name === 'orders' ? 'customers' : 'orders';
  const good = await signer.sign(owner, name);
  clock.advance(-70_000);
  const expired = await signer.sign(identity.staff(newId('sto')), name);
  clock.advance(70_000);

  it('takes the gateway’s own token', async () => {
    const answer = await ask(good);
    expect([answer.status, Object.keys((await answer.json()) as object)]).toEqual([200, ['data']]);
  });

  it.each<[string, string | null]>([
    ['nothing', null],
    ['a token for another subgraph', await signer.sign(owner, elsewhere)],
    ['a token whose minute is over', expired],
    ['a token that somebody else signed', await createHopSigner(await generateHopKeys()).sign(owner, name)],
    ['a token that now says SYSTEM', changed(good, 1, asSystem)],
    ['a token without its signature', changed(good, 2, () => '')],
    [
      'a token that says it needs none',
      changed(
        changed(good, 0, () => unsigned),
        2,
        () => '',
      ),
    ],
    ['a client’s own access token', 'eyJhbGciOiJFZERTQSJ9.eyJpc3MiOiJhY2NvdW50cyJ9.AAAA'],
  ])('refuses %s', async (_, token) => {
    const answer = await ask(token);
    expect([answer.status, await answer.json()]).toEqual([
      401,
      { errors: [{ message: 'Only the gateway may ask.', extensions: { code: 'UNAUTHENTICATED' } }] },
    ]);
  });
});
