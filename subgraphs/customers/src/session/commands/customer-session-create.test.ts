import { movableClock, newId } from '@storegraph/core';
import { identity } from '@storegraph/testing';
import { afterEach, describe, expect, it } from 'vitest';
import { openShop, password } from '../../../test/shop.ts';

const clock = movableClock(new Date());
const { admin, as, codes, create, events, exchange, from, links, logIn, mutate, shopper, signUp, staff, statements, storeId } =
  await openShop({ clock });
afterEach(() => clock.advance(24 * 60 * 60_000));

const attempt = (email: string, typed = password, ip = '192.0.2.1') => codes('customerSessionCreate', { email, password: typed }, from(ip));

describe('customerSessionCreate', () => {
  it('gives tokens that name the customer, the session and the store, and notes where the log-in came from', async () => {
    const { email, identity: who } = await shopper();
    const tokens = await logIn(` ${email.toUpperCase()} `, password, from('192.0.2.5'));
    expect(tokens.refreshToken).toMatch(/^crt_[\w-]{43}$/);
    expect(await exchange(tokens.accessToken)).toEqual({ ...who, sessionId: tokens.id });
    const { currentCustomer } = await as({ ...who, sessionId: tokens.id as `cse_${string}` }).data<{ currentCustomer: object }>(
      '{ currentCustomer { account { sessions { id current status ip userAgent } } } }',
    );
    expect(currentCustomer).toEqual({
      account: {
        sessions: expect.arrayContaining([{ id: tokens.id, current: true, status: 'ACTIVE', ip: '192.0.2.5', userAgent: 'a browser' }]),
      },
    });
  });

  it('takes every address that a link has shown to be the customer’s, and no other', async () => {
    const [{ email, identity: who }, other] = [await shopper(), await shopper()];
    await mutate('customerMerge', { survivorId: who.subjectId, mergedId: other.identity.subjectId });
    expect((await exchange((await logIn(other.email)).accessToken))?.subjectId).toBe(who.subjectId);
    const point = 'query ($id: ID!) { customer(id: $id) { contactPoints { id address } } }';
    const { customer } = await staff.data<{ customer: { contactPoints: { id: string; address: string }[] } }>(point, { id: who.subjectId });
    const contactPointId = customer.contactPoints.find(({ address }) => address === other.email)?.id;
    await mutate('customerContactPointRemove', { contactPointId });
    expect(await attempt(other.email)).toEqual(['INVALID_CREDENTIALS']);
    expect(await attempt(email)).toEqual([]);
  });

  it('opens to nobody on staff’s word: an address that they note as verified neither logs in nor resets, before the account or after', async () => {
    const noted = async (customerId: string, address: string) => {
      const point = { customerId, channel: 'EMAIL', address };
      const { contactPoint } = await mutate<{ contactPoint: { id: string } }>('customerContactPointAdd', point, 'contactPoint { id }');
      expect(await codes('customerContactPointVerify', { contactPointId: contactPoint.id }, staff)).toEqual([]);
    };
    const email = 'own@noted.test';
    const customerId = await create({ email });
    await noted(customerId, 'before@noted.test');
    const { identity: who } = await shopper({ email });
    expect(who.subjectId).toBe(customerId);
    await noted(customerId, 'after@noted.test');
    expect(await attempt(email)).toEqual([]);
    for (const address of ['before@noted.test', 'after@noted.test']) {
      expect(await attempt(address)).toEqual(['INVALID_CREDENTIALS']);
      await codes('customerPasswordResetRequest', { email: address });
      expect((await events()).at(-1)).toMatchObject({ type: 'customerPasswordReset.requested', payload: { mail: 'NO_ACCOUNT' } });
      const [sent] = await links(address);
      expect(await codes('customerPasswordReset', { token: sent?.secret ?? '', password: 'a password of a stranger' })).toEqual([
        'INVALID_TOKEN token',
      ]);
    }
    // Whoever reads the address gets a customer of their own, as for one that was never verified.
    const stranger = await shopper({ email: 'after@noted.test' });
    expect(stranger.identity.subjectId).not.toBe(customerId);
  });

  it('counts the guesses of a whole network of IPv6 as those of one address', async () => {
    const { email } = await shopper();
    for (let host = 1; host <= 5; host += 1)
      expect(await attempt(email, 'a wrong password', `2001:db8:1:2::${host}`)).toEqual(['INVALID_CREDENTIALS']);
    expect(await attempt(email, password, '2001:db8:1:2:ffff::6')).toEqual(['TOO_MANY_ATTEMPTS']);
    expect(await attempt(email, password, '2001:db8:1:3::1')).toEqual([]);
    const [row] = await admin("select distinct ip from customers.attempts where ip like '2001:db8:1:2%'");
    expect(row).toEqual({ ip: '2001:db8:1:2::/64' });
  });

  it('gives one answer, after the same work, for a wrong password, nobody, a guest, a sign-up that waits and a disabled customer', async () => {
    const { email } = await shopper();
    await create({ email: 'guest@known.test' });
    await signUp({ email: 'waiting@known.test' });
    const disabled = await shopper();
    await mutate('customerStatusSet', { customerId: disabled.identity.subjectId, status: 'DISABLED' });
    const cost = async (address: string, typed: string) => {
      statements();
      const answer = await mutate('customerSessionCreate', { email: address, password: typed }, 'session { id }', from('192.0.2.7'));
      return { answer, sent: statements().filter((text) => text !== 'commit') };
    };
    const wrong = await cost(email, 'a wrong password');
    expect(wrong.answer).toEqual({ session: null, userErrors: [{ code: 'INVALID_CREDENTIALS', field: null }] });
    for (const address of ['nobody@known.test', 'guest@known.test', 'waiting@known.test', disabled.email])
      expect(await cost(address, password)).toEqual(wrong);
  });

  it('is of one store: the same address and password open nothing in another', async () => {
    const { email } = await shopper();
    expect(await codes('customerSessionCreate', { email, password }, as(identity.anonymous(newId('sto'))))).toEqual([
      'INVALID_CREDENTIALS',
    ]);
  });

  it('slows guesses down alike for known and unknown addresses, counts those made at once, and clears the count with a success', async () => {
    const { email } = await shopper();
    for (const address of [email, 'unknown@shop.test']) {
      const guesses = await Promise.all(Array.from({ length: 20 }, () => attempt(address, 'a wrong password')));
      expect(guesses.flat().filter((code) => code === 'INVALID_CREDENTIALS')).toHaveLength(5);
      expect(guesses.flat().filter((code) => code === 'TOO_MANY_ATTEMPTS')).toHaveLength(15);
    }
    expect(await attempt(email)).toEqual(['TOO_MANY_ATTEMPTS']);
    // Whoever guesses keeps nobody out who comes from elsewhere, and in another store nobody at all.
    expect(await attempt(email, password, '192.0.2.2')).toEqual([]);
    clock.advance(1000);
    expect(await attempt(email)).toEqual([]);
    expect(await attempt(email, 'a wrong password')).toEqual(['INVALID_CREDENTIALS']);
  });

  it('lets somebody in from where they always come, however many addresses guess, and nobody else', async () => {
    const { email } = await shopper();
    expect(await attempt(email)).toEqual([]);
    const [known] = await admin<{ subject_key: string }>(
      "select subject_key from customers.attempts where purpose = 'LOG_IN' and ip = '192.0.2.1' order by id desc limit 1",
    );
    await admin(
      `insert into customers.attempts (store_id, id, purpose, subject_key, ip, outcome, attempted_at)
       select a.store_id, gen_random_uuid(), 'LOG_IN', '${known?.subject_key ?? ''}', '198.51.100.' || n, 'FAILED', '${clock.now().toISOString()}'
       from generate_series(1, 100) n, (select store_id from customers.attempts limit 1) a`,
    );
    expect(await attempt(email, password, '192.0.2.77')).toEqual(['TOO_MANY_ATTEMPTS']);
    expect(await attempt(email)).toEqual([]);
  });

  it('leaves no session to a customer who is disabled at the same moment', async () => {
    for (let round = 0; round < 5; round += 1) {
      const { email, identity: who } = await shopper();
      const customerId = who.subjectId;
      await Promise.all([mutate('customerStatusSet', { customerId, status: 'DISABLED' }), logIn(email).catch(() => null)]);
      await mutate('customerStatusSet', { customerId, status: 'ACTIVE' });
      const live = await staff.data('query ($id: ID!) { customer(id: $id) { account { sessions { id } } } }', { id: customerId });
      expect(live).toEqual({ customer: { account: { sessions: [] } } });
    }
  });

  it('refuses bad input, and a visitor of no store', async () => {
    expect(await attempt(' ')).toEqual(['REQUIRED email']);
    expect(await attempt('not an address')).toEqual(['INVALID email']);
    expect(await attempt(`${'a'.repeat(250)}@b.test`)).toEqual(['TOO_LONG email']);
    expect(await attempt('a@b.test', '')).toEqual(['REQUIRED password']);
    expect(await attempt('a@b.test', 'x'.repeat(257))).toEqual(['TOO_LONG password']);
    expect(await codes('customerSessionCreate', { email: 'a@b.test', password }, as(identity.anonymous()))).toEqual(['NO_STORE']);
    expect(await codes('customerSessionCreate', { email: 'a@b.test', password }, as(identity.staff(storeId)))).toEqual([
      'INVALID_CREDENTIALS',
    ]);
  });
});
