import { createSealer, createTokenIssuer, deriveSecrets, generateIssuerKey, system, type Identity, type TokenKind } from '@storegraph/auth';
import { fromUuid, movableClock, newId } from '@storegraph/core';
import { emit, storeReinstated, storeSuspended } from '@storegraph/events';
import { deploymentSecret } from '@storegraph/testing';
import { describe, expect, it } from 'vitest';
import { openShop } from './shop.ts';

const clock = movableClock(new Date());
const { admin, create, exchange, logIn, mutate, pool, runtime, settled, shopper, statements, storeId } = await openShop({ clock });

const forged = async (
  issuer: string,
  kind: TokenKind,
  claims: Pick<Identity, 'subjectId' | 'storeId' | 'sessionId'>,
  keys = [generateIssuerKey()],
) => {
  const { subjectId, sessionId } = claims;
  const forger = createTokenIssuer({ issuer, keys, kinds: [kind], clock });
  return (await forger.sign({ kind, subjectId: subjectId ?? newId('cus'), storeId: claims.storeId, sessionId: sessionId ?? newId('cse') }))
    .token;
};
const keySet = async () => {
  const answer = await runtime.handlePublic(new Request('http://localhost/public/jwks.json'), { requestId: 'test', ip: null });
  return (await answer.json()) as { keys: { kid: string; d?: string }[] };
};
const kidOf = (token: string) => (JSON.parse(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString()) as { kid: string }).kid;

describe('the access token of a customer', () => {
  it('lives five minutes, give or take what clocks may differ', async () => {
    const { tokens } = await shopper();
    clock.advance(5 * 60_000 - 1000);
    expect(await exchange(tokens.accessToken)).not.toBeNull();
    clock.advance(10_000);
    expect(await exchange(tokens.accessToken)).toBeNull();
  });

  it('is worth nothing once the customer is disabled, merged or erased', async () => {
    const [disabled, merged, erased] = [await shopper(), await shopper(), await shopper()];
    for (const { tokens } of [disabled, merged, erased]) expect(await exchange(tokens.accessToken)).not.toBeNull();
    await mutate('customerStatusSet', { customerId: disabled.identity.subjectId, status: 'DISABLED' });
    await mutate('customerMerge', { survivorId: await create({ firstName: 'B' }), mergedId: merged.identity.subjectId });
    await mutate('customerErase', { customerId: erased.identity.subjectId, reason: 'REQUESTED_BY_CUSTOMER', idempotencyKey: 'x' });
    for (const { tokens } of [disabled, merged, erased]) expect(await exchange(tokens.accessToken)).toBeNull();
  });

  it('is worth nothing while the store does not trade', async () => {
    const { tokens, identity } = await shopper();
    const tell = async (event: typeof storeSuspended | typeof storeReinstated) => {
      const db = pool.session({ domain: 'accounts', identity: system(identity.storeId), correlationId: 'test', origin: 'LIVE' });
      await db.write((tx) => emit(tx, event({ storeId, at: clock.now() }))).finally(() => db.end());
      await settled();
    };
    await tell(storeSuspended);
    expect(await exchange(tokens.accessToken)).toBeNull();
    await tell(storeReinstated);
    expect(await exchange(tokens.accessToken)).not.toBeNull();
  });

  it('is not taken for another customer, another store or another kind, changed, or from another issuer', async () => {
    const [mine, theirs] = [await shopper(), await shopper()];
    for (const issuer of ['accounts', 'customers'])
      for (const kind of ['CUSTOMER', 'STAFF', 'PLATFORM'] as const)
        expect(await exchange(await forged(issuer, kind, mine.identity))).toBeNull();
    // Of a good signature, each claim is checked: the kind, and that the session is of that customer, in that store.
    const [row] = await admin<{ id: string; sealed: string }>('select id::text, private_key_sealed as sealed from customers.signing_keys');
    const { sealingKey } = deriveSecrets(deploymentSecret);
    const kid = fromUuid('kid', row?.id ?? '');
    const place = `platform|signing_keys|private_key_sealed|${kid}`;
    const keys = [{ kid, privateKey: createSealer({ keys: [sealingKey] }).open(row?.sealed ?? '', place) }];
    expect(await exchange(await forged('customers', 'CUSTOMER', mine.identity, keys))).toEqual(mine.identity);
    expect(await exchange(await forged('customers', 'STAFF', mine.identity, keys))).toBeNull();
    expect(await exchange(await forged('accounts', 'CUSTOMER', mine.identity, keys))).toBeNull();
    for (const swapped of [
      { ...mine.identity, subjectId: theirs.identity.subjectId },
      { ...mine.identity, storeId: newId('sto') },
      { ...mine.identity, storeId: null },
      { ...mine.identity, sessionId: newId('cse') },
      { ...mine.identity, sessionId: theirs.identity.sessionId },
    ])
      expect(await exchange(await forged('customers', 'CUSTOMER', swapped, keys))).toBeNull();
    expect(await exchange(`${mine.tokens.accessToken.slice(0, -4)}AAAA`)).toBeNull();
    expect(await exchange('x'.repeat(5000))).toBeNull();
    expect(await runtime.exchange?.({ kind: 'API_KEY', key: 'sk_x' })).toBeNull();
    expect(await runtime.exchange?.({ kind: 'STORE', slug: 'x' })).toBeNull();
  });

  it('costs two look-ups in the database', async () => {
    const { tokens } = await shopper();
    statements();
    await exchange(tokens.accessToken);
    expect(statements().filter((text) => text.includes('from "customers".'))).toHaveLength(2);
  });
});

describe('the keys', () => {
  it('are one, however many processes start at once, and public without their private part', async () => {
    await Promise.all(Array.from({ length: 5 }, () => runtime.start()));
    const { keys } = await keySet();
    expect(keys).toEqual([
      {
        crv: 'Ed25519',
        kty: 'OKP',
        x: expect.any(String) as string,
        kid: expect.stringMatching(/^kid_/) as string,
        alg: 'EdDSA',
        use: 'sig',
      },
    ]);
  });

  it('change by themselves: a new one is published for an hour before it signs, and the old one goes', async () => {
    const { email, tokens } = await shopper();
    const [old] = (await keySet()).keys;
    clock.advance(30 * 24 * 60 * 60_000 - 30 * 60_000);
    const published = (await keySet()).keys;
    expect(published).toHaveLength(2);
    expect(kidOf((await logIn(email)).accessToken)).toBe(old?.kid);
    clock.advance(60 * 60_000);
    const since = await logIn(email);
    expect(kidOf(since.accessToken)).toBe(published.find(({ kid }) => kid !== old?.kid)?.kid);
    expect(await exchange(since.accessToken)).not.toBeNull();
    clock.advance(60 * 60_000);
    expect((await keySet()).keys.map(({ kid }) => kid)).toEqual([kidOf(since.accessToken)]);
    expect(kidOf(tokens.accessToken)).toBe(old?.kid);
  });
});
