import { randomUUID } from 'node:crypto';
import type { Permission, RoleName } from '@storegraph/auth';
import type { TestClient } from './client.ts';
import type { GraphHarness } from './graph.ts';
import { mailedSecret } from './mail.ts';

/** A store with its people, made through the public API as a client makes them. */
export interface SeededStore {
  readonly id: string;
  readonly slug: string;
  /** What the owner logs in with. */
  readonly credentials: { readonly email: string; readonly password: string };
  readonly owner: TestClient;
  /** A visitor of this store who has not logged in. */
  readonly visitor: TestClient;
  /** Another member of the store, logged in. */
  staff(role: RoleName): Promise<TestClient>;
  apiKey(permissions: readonly Permission[]): Promise<TestClient>;
  customer(input?: Record<string, unknown>): Promise<{ id: string; number: number }>;
  /** A customer who has signed up to the shop, verified the address and logged in. Who has the address already becomes it. */
  shopper(input?: Record<string, unknown>): Promise<SeededShopper>;
  /** An order; by default of one line, two pieces at 12.50. */
  order(input?: Record<string, unknown>): Promise<SeededOrder>;
  /** Records and captures a payment, of the order's total unless said otherwise. */
  pay(order: SeededOrder, captured?: number): Promise<{ id: string }>;
}

export interface SeededShopper {
  /** The customer's. */
  readonly id: string;
  readonly credentials: { readonly email: string; readonly password: string };
  readonly refreshToken: string;
  readonly client: TestClient;
}

export interface SeededOrder {
  readonly id: string;
  readonly number: string;
  readonly total: { readonly amount: number; readonly currency: string };
  readonly lines: readonly { readonly id: string }[];
}

const password = 'a-password-of-a-test';

export async function seedStore(graph: GraphHarness, { currency = 'EUR' }: { currency?: string } = {}): Promise<SeededStore> {
  const slug = `store-${randomUUID().slice(0, 8)}`;
  const ownerEmail = `owner@${slug}.test`;
  const newcomer = await signUp(graph, ownerEmail);
  const { storeCreate } = await newcomer.data<{ storeCreate: { store: { id: string } } }>(
    'mutation ($input: StoreCreateInput!) { storeCreate(input: $input) { store { id } userErrors { code } } }',
    { input: { slug, name: slug, currency, country: 'DE', timezone: 'Europe/Berlin', defaultLanguage: 'en' } },
  );
  const { id } = storeCreate.store;
  const owner = await enter(graph, newcomer, id);

  return {
    id,
    slug,
    credentials: { email: ownerEmail, password },
    owner,
    visitor: graph.client(undefined, { 'x-storegraph-store': slug }),
    staff: async (role) => {
      const email = `${role.toLowerCase()}-${randomUUID().slice(0, 8)}@${slug}.test`;
      const member = await signUp(graph, email);
      const { roles } = await owner.data<{ roles: { id: string; key: string }[] }>('{ roles { id key } }');
      const roleId = roles.find((known) => known.key === role)?.id;
      await done(owner, 'mutation ($input: InvitationCreateInput!) { result: invitationCreate(input: $input) { userErrors { code } } }', {
        email,
        roleId,
      });
      await acceptInvitation(graph, member, email);
      return enter(graph, member, id);
    },
    apiKey: async (permissions) => {
      const { apiKeyCreate } = await owner.data<{ apiKeyCreate: { secret: string } }>(
        'mutation ($input: ApiKeyCreateInput!) { apiKeyCreate(input: $input) { secret userErrors { code } } }',
        { input: { name: 'a test', permissions } },
      );
      return graph.client(apiKeyCreate.secret);
    },
    customer: async (input = {}) => {
      const { result } = await done<{ customer: { id: string; number: number } }>(
        owner,
        'mutation ($input: CustomerCreateInput!) { result: customerCreate(input: $input) { customer { id number } userErrors { code field } } }',
        { firstName: 'Ada', lastName: 'Lovelace', ...input },
      );
      return result.customer;
    },
    shopper: async (input = {}) => {
      const visitor = graph.client(undefined, { 'x-storegraph-store': slug });
      const credentials = { email: `shopper-${randomUUID().slice(0, 8)}@${slug}.test`, password, ...input };
      await done(
        visitor,
        'mutation ($input: CustomerSignUpInput!) { result: customerSignUp(input: $input) { userErrors { code } } }',
        credentials,
      );
      const token = await mailedSecret(graph, credentials.email, 'customerSignUp.%');
      const { result } = await done<{ session: { accessToken: string; refreshToken: string } }>(
        visitor,
        'mutation ($input: CustomerEmailVerifyInput!) { result: customerEmailVerify(input: $input) { session { accessToken refreshToken } userErrors { code } } }',
        { token, password: credentials.password },
      );
      const client = graph.client(result.session.accessToken);
      const { currentCustomer } = await client.data<{ currentCustomer: { id: string } }>('{ currentCustomer { id } }');
      return { id: currentCustomer.id, credentials, refreshToken: result.session.refreshToken, client };
    },
    order: async (input = {}) => {
      const { result } = await done<{ order: SeededOrder }>(
        owner,
        'mutation ($input: OrderCreateInput!) { result: orderCreate(input: $input) { order { id number total { amount currency } lines { id } } userErrors { code field } } }',
        { idempotencyKey: randomUUID(), currency, lines: [{ sku: 'A-1', name: 'Lantern', quantity: 2, unitPrice: 1250 }], ...input },
      );
      return result.order;
    },
    pay: async (order, captured = order.total.amount) => {
      const { result } = await done<{ payment: { id: string } }>(
        owner,
        'mutation ($input: OrderPaymentRecordInput!) { result: orderPaymentRecord(input: $input) { payment { id } userErrors { code field } } }',
        { idempotencyKey: randomUUID(), orderId: order.id, tender: 'CARD', captured },
      );
      return result.payment;
    },
  };
}

/** Runs a mutation whose payload is aliased `result`, and fails on its userErrors: a seed never half-works. */
async function done<Payload = object>(client: TestClient, mutation: string, input: Record<string, unknown>): Promise<{ result: Payload }> {
  const answer = await client.data<{ result: Payload & { userErrors: unknown[] } }>(mutation, { input });
  if (answer.result.userErrors.length > 0) throw new Error(`The seed was refused: ${JSON.stringify(answer.result.userErrors)}`);
  return answer;
}

/** Somebody who works for the platform, logged in to no store. */
export async function seedPlatformStaff(graph: GraphHarness): Promise<TestClient> {
  const email = `staff-${randomUUID().slice(0, 8)}@platform.test`;
  await signUp(graph, email);
  await graph.admin('insert into accounts.platform_staff (user_id) select user_id from accounts.users where email = $1', [email]);
  return signUp(graph, email);
}

/** Accepts the invitation that was mailed to the address last, as whoever reads its mail can. */
export async function acceptInvitation(graph: Pick<GraphHarness, 'admin'>, guest: TestClient, email: string): Promise<void> {
  const token = await mailedSecret(graph, email);
  await done(guest, 'mutation ($input: InvitationAcceptInput!) { result: invitationAccept(input: $input) { userErrors { code } } }', {
    token,
  });
}

async function signUp(graph: GraphHarness, email: string): Promise<TestClient> {
  const visitor = graph.client();
  await done(visitor, 'mutation ($input: UserSignUpInput!) { result: userSignUp(input: $input) { userErrors { code } } }', {
    email,
    password,
  });
  const { result } = await done<{ session: { accessToken: string } }>(
    visitor,
    'mutation ($input: SessionCreateInput!) { result: sessionCreate(input: $input) { session { accessToken } userErrors { code } } }',
    { email, password },
  );
  return graph.client(result.session.accessToken);
}

async function enter(graph: GraphHarness, member: TestClient, storeId: string): Promise<TestClient> {
  const { result } = await done<{ session: { accessToken: string } }>(
    member,
    'mutation ($input: SessionSwitchStoreInput!) { result: sessionSwitchStore(input: $input) { session { accessToken } userErrors { code } } }',
    { storeId },
  );
  return graph.client(result.session.accessToken);
}
