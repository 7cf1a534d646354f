import { anonymous, type Identity } from '@storegraph/auth';
import type { StoreId } from '@storegraph/core';
import { mailedSecret, subgraphHarness, type TestClient } from '@storegraph/testing';
import { accounts, addPlatformStaff } from '../src/index.ts';

export const password = 'a password of some length';

export interface UserError {
  readonly code: string;
  readonly field: string[] | null;
  readonly message: string;
}

export interface Tokens {
  readonly id: string;
  readonly accessToken: string;
  readonly refreshToken: string | null;
  readonly store: { readonly id: StoreId } | null;
}

export interface Person {
  readonly email: string;
  readonly tokens: Tokens;
  readonly identity: Identity;
  readonly client: TestClient;
}

export interface Merchant extends Person {
  readonly storeId: StoreId;
}

const tokenFields = 'id accessToken refreshToken store { id }';

export type Answer<Field extends string, T> = Record<Field, T & { readonly userErrors: readonly UserError[] }>;

/** What tests of accounts need: everything is made through the public API. */
export async function accountsHarness(options: Parameters<typeof subgraphHarness>[1] = {}) {
  const harness = await subgraphHarness(accounts, options);
  const visitor = harness.as(anonymous());

  const signUp = (email: string) =>
    visitor.data('mutation ($input: UserSignUpInput!) { userSignUp(input: $input) { accepted userErrors { code } } }', {
      input: { email, password, firstName: 'Ann', lastName: 'Smith' },
    });

  const logIn = async (email: string, storeId?: string): Promise<Tokens> => {
    const { sessionCreate } = await visitor.data<Answer<'sessionCreate', { session: Tokens | null }>>(
      `mutation ($input: SessionCreateInput!) { sessionCreate(input: $input) { session { ${tokenFields} } userErrors { code } } }`,
      { input: { email, password, storeId } },
    );
    return present(sessionCreate.session, sessionCreate.userErrors);
  };

  const refresh = async (refreshToken: string | null) => {
    const { sessionRefresh } = await visitor.data<Answer<'sessionRefresh', { session: Tokens | null }>>(
      `mutation ($input: SessionRefreshInput!) { sessionRefresh(input: $input) { session { ${tokenFields} } userErrors { code field message } } }`,
      { input: { refreshToken } },
    );
    return sessionRefresh;
  };

  const exchange = (token: string) => harness.runtime.exchange?.({ kind: 'TOKEN', token }) ?? Promise.resolve(null);

  /** A person who has signed up and logged in. */
  const person = async (email: string): Promise<Person> => {
    await signUp(email);
    const tokens = await logIn(email);
    const identity = present(await exchange(tokens.accessToken));
    return { email, tokens, identity, client: harness.as(identity) };
  };

  /** A person logged in to the store they last worked in. */
  const returning = async (email: string): Promise<Merchant> => {
    const tokens = await logIn(email);
    const identity = present(await exchange(tokens.accessToken));
    return { email, tokens, identity, client: harness.as(identity), storeId: present(identity.storeId) };
  };

  /** The owner of a new store, in it. */
  const merchant = async (slug: string): Promise<Merchant> => {
    const email = `owner@${slug}.test`;
    const { client } = await person(email);
    await createStore(client, slug);
    return returning(email);
  };

  /** Invites somebody new to a merchant's store, in a built-in role, who accepts and logs in. */
  const colleague = async (of: Merchant, email: string, key: string): Promise<Merchant & { memberId: string }> => {
    const { client } = await person(email);
    await invite(of.client, email, await roleIdOf(of.client, key));
    const memberId = await accept(client, await mailed(email));
    return { ...(await returning(email)), memberId };
  };

  /** The token of the link that was mailed to the address last. */
  const mailed = (email: string) => mailedSecret(harness, email);

  /** A person who works for the platform, logged in to no store. */
  const platformStaff = async (email: string): Promise<Person> => {
    await signUp(email);
    await harness.pool.sweep('accounts', (tx) => addPlatformStaff(tx, email));
    const tokens = await logIn(email);
    const identity = present(await exchange(tokens.accessToken));
    return { email, tokens, identity, client: harness.as(identity) };
  };

  /** The statements since the last call, without the ends of transactions, for which no request waits. */
  const sent = () => harness.statements().filter((statement) => statement !== 'commit' && statement !== 'rollback');

  return { ...harness, sent, visitor, signUp, logIn, refresh, exchange, person, returning, merchant, colleague, mailed, platformStaff };
}

/** The id of a merchant as a member of the store. */
export async function memberIdOf({ client, storeId }: Merchant): Promise<string> {
  const { viewer } = await client.data<{ viewer: { memberships: { id: string; store: { id: string } }[] } }>(
    '{ viewer { memberships { id store { id } } } }',
  );
  return present(viewer.memberships.find(({ store }) => store.id === storeId)).id;
}

export async function createStore(client: TestClient, slug: string): Promise<StoreId> {
  const { storeCreate } = await client.data<Answer<'storeCreate', { store: { id: StoreId } | null }>>(
    'mutation ($input: StoreCreateInput!) { storeCreate(input: $input) { store { id } userErrors { code field message } } }',
    { input: { slug, name: `The ${slug} store`, currency: 'GBP', country: 'GB', timezone: 'Europe/London', defaultLanguage: 'en' } },
  );
  return present(storeCreate.store, storeCreate.userErrors).id;
}

export async function roleIdOf(client: TestClient, key: string): Promise<string> {
  const { roles } = await client.data<{ roles: { id: string; key: string }[] }>('{ roles { id key } }');
  return present(roles.find((role) => role.key === key)).id;
}

/** Makes a role of the store's own. */
export async function createRole(client: TestClient, name: string, permissions: readonly string[]): Promise<string> {
  const { roleCreate } = await client.data<Answer<'roleCreate', { role: { id: string } | null }>>(
    'mutation ($input: RoleCreateInput!) { roleCreate(input: $input) { role { id } userErrors { code field message } } }',
    { input: { name, permissions } },
  );
  return present(roleCreate.role, roleCreate.userErrors).id;
}

export async function invite(client: TestClient, email: string, roleId: string): Promise<string> {
  const { invitationCreate } = await client.data<Answer<'invitationCreate', { invitation: { id: string } | null }>>(
    'mutation ($input: InvitationCreateInput!) { invitationCreate(input: $input) { invitation { id } userErrors { code field message } } }',
    { input: { email, roleId } },
  );
  return present(invitationCreate.invitation, invitationCreate.userErrors).id;
}

/** Accepts an invitation by the token of its link. Gives the member's id. */
export async function accept(client: TestClient, token: string): Promise<string> {
  const { invitationAccept } = await client.data<Answer<'invitationAccept', { membership: { id: string } | null }>>(
    'mutation ($input: InvitationAcceptInput!) { invitationAccept(input: $input) { membership { id } userErrors { code field message } } }',
    { input: { token } },
  );
  return present(invitationAccept.membership, invitationAccept.userErrors).id;
}

export async function createApiKey(client: TestClient, permissions: readonly string[]): Promise<{ id: string; secret: string }> {
  const { apiKeyCreate } = await client.data<Answer<'apiKeyCreate', { apiKey: { id: string } | null; secret: string | null }>>(
    'mutation ($input: ApiKeyCreateInput!) { apiKeyCreate(input: $input) { apiKey { id } secret userErrors { code field message } } }',
    { input: { name: 'A program', permissions } },
  );
  return { id: present(apiKeyCreate.apiKey, apiKeyCreate.userErrors).id, secret: present(apiKeyCreate.secret) };
}

/** The refusals of one mutation as `CODE field.path`. */
export async function refusals(client: TestClient, mutation: string, inputType: string, input: unknown): Promise<string[]> {
  const answer = await client.data<Record<string, { userErrors: UserError[] }>>(
    `mutation ($input: ${inputType}!) { ${mutation}(input: $input) { userErrors { code field message } } }`,
    { input },
  );
  return (answer[mutation]?.userErrors ?? []).map(({ code, field }) => [code, ...(field ? [field.join('.')] : [])].join(' '));
}

export function present<T>(value: T | null | undefined, why?: unknown): T {
  if (value === null || value === undefined) throw new Error(`Expected a value: ${JSON.stringify(why)}`);
  return value;
}
