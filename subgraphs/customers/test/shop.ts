import { randomUUID } from 'node:crypto';
import type { Identity } from '@storegraph/auth';
import { newId, type StoreId } from '@storegraph/core';
import { identity, mailedTo, testClient, type Mailed, type TestClient } from '@storegraph/testing';
import { world, type World } from './world.ts';

export const password = 'a password of some length';

export interface Tokens {
  readonly id: string;
  readonly accessToken: string;
  readonly refreshToken: string;
  readonly refreshTokenExpiresAt: string;
}

export interface Shopper {
  readonly email: string;
  readonly tokens: Tokens;
  readonly identity: Identity;
  readonly client: TestClient;
}

export interface Shop extends World {
  /** Somebody in the shop who has not logged in. */
  readonly visitor: TestClient;
  /** The same, with an address of the network. */
  from(ip: string, storeId?: StoreId): TestClient;
  /** The links that went to an e-mail address, the oldest first. */
  links(email: string): Promise<Mailed[]>;
  /** Signs up and gives the token of the link. */
  signUp(input?: Record<string, unknown>, client?: TestClient): Promise<string>;
  verify(token: string, typed?: string, client?: TestClient): Promise<Tokens>;
  logIn(email: string, typed?: string, client?: TestClient): Promise<Tokens>;
  exchange(token: string): Promise<Identity | null>;
  /** A customer with an account, logged in. */
  shopper(input?: Record<string, unknown>): Promise<Shopper>;
  /** The codes of a mutation, and the fields at fault. */
  codes(name: string, input: Record<string, unknown>, client?: TestClient): Promise<string[]>;
}

const tokenFields = 'session { id accessToken refreshToken refreshTokenExpiresAt }';

export async function openShop(options?: Parameters<typeof world>[0]): Promise<Shop> {
  const there = await world(options);
  const { storeId, runtime, mutate, as } = there;
  const visitor = as(identity.anonymous(storeId));
  const exchange = (token: string) => runtime.exchange?.({ kind: 'TOKEN', token }) ?? Promise.resolve(null);
  const links = (email: string) => mailedTo(there, email);

  const logged = async (name: string, input: Record<string, unknown>, client: TestClient): Promise<Tokens> => {
    const { session, userErrors } = await mutate<{ session: Tokens | null }>(name, input, tokenFields, client);
    if (!session) throw new Error(`${name} was refused: ${JSON.stringify(userErrors)}`);
    return session;
  };
  const signUp: Shop['signUp'] = async (input = {}, client = visitor) => {
    const email = typeof input['email'] === 'string' ? input['email'] : `${newId('eml')}@shop.test`;
    const { userErrors } = await mutate('customerSignUp', { password, ...input, email }, 'accepted', client);
    if (userErrors.length > 0) throw new Error(`The sign-up was refused: ${JSON.stringify(userErrors)}`);
    return (await links(email.trim().toLowerCase())).at(-1)?.secret ?? '';
  };
  const verify: Shop['verify'] = (token, typed = password, client = visitor) =>
    logged('customerEmailVerify', { token, password: typed }, client);

  return {
    ...there,
    visitor,
    from: (ip, store = storeId) =>
      testClient((query, variables) =>
        runtime.execute({ query, variables, identity: identity.anonymous(store), requestId: randomUUID(), ip, userAgent: 'a browser' }),
      ),
    links,
    signUp,
    verify,
    logIn: (email, typed = password, client = visitor) => logged('customerSessionCreate', { email, password: typed }, client),
    exchange,
    shopper: async (input = {}) => {
      const email = typeof input['email'] === 'string' ? input['email'] : `${newId('eml')}@shop.test`;
      const tokens = await verify(await signUp({ ...input, email }));
      const who = await exchange(tokens.accessToken);
      if (!who) throw new Error('The access token of a new session is worth nothing.');
      return { email, tokens, identity: who, client: as(who) };
    },
    codes: async (name, input, client = visitor) => {
      const { userErrors } = await mutate(name, input, '', client);
      return userErrors.map(({ code, field }) => [code, ...(field ?? [])].join(' '));
    },
  };
}
