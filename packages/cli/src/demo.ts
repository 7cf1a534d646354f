import { randomUUID } from 'node:crypto';
import type { Environment } from '@storegraph/core';
import { sampleCustomers, type SampleLine } from './demo-samples.ts';
import { graphClient, type GraphClient } from './graphql-client.ts';

/** The store that development starts with. Its password is public: it is made only where `mayHaveDemoStore` says so. */
export const demo = { slug: 'demo', email: 'owner@demo.test', password: 'storegraph-demo' } as const;

const loopback: readonly string[] = ['127.0.0.1', '::1', 'localhost'];

/** Only in development, and only where nobody but this machine can reach the gateway. */
export const mayHaveDemoStore = ({ NODE_ENV, STOREGRAPH_HOST }: Pick<Environment, 'NODE_ENV' | 'STOREGRAPH_HOST'>): boolean =>
  NODE_ENV !== 'production' && loopback.includes(STOREGRAPH_HOST);

const signUp = /* GraphQL */ `
  mutation ($email: String!, $password: String!) {
    userSignUp(input: { email: $email, password: $password, firstName: "Olive", lastName: "Owner", timezone: "Europe/London" }) {
      userErrors {
        code
      }
    }
  }
`;
const logIn = /* GraphQL */ `
  mutation ($email: String!, $password: String!) {
    sessionCreate(input: { email: $email, password: $password }) {
      session {
        accessToken
      }
      userErrors {
        code
      }
    }
  }
`;
const memberships = /* GraphQL */ `
  {
    viewer {
      memberships {
        store {
          id
          slug
        }
      }
    }
  }
`;
const openStore = /* GraphQL */ `
  mutation ($slug: String!) {
    storeCreate(
      input: { slug: $slug, name: "Demo Gifts", currency: "GBP", country: "GB", timezone: "Europe/London", defaultLanguage: "en" }
    ) {
      store {
        id
      }
      userErrors {
        code
      }
    }
  }
`;
const enterStore = /* GraphQL */ `
  mutation ($storeId: ID!) {
    sessionSwitchStore(input: { storeId: $storeId }) {
      session {
        accessToken
      }
      userErrors {
        code
      }
    }
  }
`;
const createCustomer = /* GraphQL */ `
  mutation ($input: CustomerCreateInput!) {
    customerCreate(input: $input) {
      customer {
        id
      }
      userErrors {
        code
        field
        message
      }
    }
  }
`;
const createOrder = /* GraphQL */ `
  mutation ($input: OrderCreateInput!) {
    orderCreate(input: $input) {
      order {
        id
        total {
          amount
        }
      }
      userErrors {
        code
        field
        message
      }
    }
  }
`;
const recordPayment = /* GraphQL */ `
  mutation ($input: OrderPaymentRecordInput!) {
    orderPaymentRecord(input: $input) {
      order {
        paymentStatus
      }
      userErrors {
        code
        field
        message
      }
    }
  }
`;

interface Memberships {
  readonly viewer: { readonly memberships: readonly { readonly store: { readonly id: string; readonly slug: string } }[] };
}
interface Tokens {
  readonly session: { readonly accessToken: string };
}

/**
 * Makes the demo store, its owner and a few customers with orders, through the public API like any client. What is there stays as it is,
 * so a second start, or one after a start that was cut short, ends in the same state.
 */
export async function ensureDemoStore(endpoint: string, domains: readonly string[]): Promise<void> {
  await graphClient(endpoint).run(signUp, { email: demo.email, password: demo.password });
  const owner = await logInToDemo(endpoint);
  const { viewer } = await owner.run<Memberships>(memberships);
  if (!viewer.memberships.some(({ store }) => store.slug === demo.slug)) await owner.run(openStore, { slug: demo.slug });
  if (domains.length > 0) await ensureSamples(await logInToDemo(endpoint), domains);
}

/** A client that acts as the owner of the demo store, in the store where it exists already. */
export async function logInToDemo(endpoint: string): Promise<GraphClient> {
  const visitor = graphClient(endpoint);
  const { sessionCreate } = await visitor.run<{ sessionCreate: Tokens }>(logIn, { email: demo.email, password: demo.password });
  const owner = visitor.as(sessionCreate.session.accessToken);
  const { viewer } = await owner.run<Memberships>(memberships);
  const storeId = viewer.memberships.find(({ store }) => store.slug === demo.slug)?.store.id;
  if (storeId === undefined) return owner;
  const { sessionSwitchStore } = await owner.run<{ sessionSwitchStore: Tokens }>(enterStore, { storeId });
  return visitor.as(sessionSwitchStore.session.accessToken);
}

async function ensureSamples(staff: GraphClient, domains: readonly string[]): Promise<void> {
  const { customers } = await staff.run<{ customers: { nodes: unknown[] } }>('{ customers(first: 1) { nodes { id } } }');
  if (customers.nodes.length > 0) return;
  for (const { orders, ...input } of sampleCustomers) {
    const { customerCreate } = await staff.run<{ customerCreate: { customer: { id: string } } }>(createCustomer, { input });
    if (!domains.includes('orders')) continue;
    for (const lines of orders) await placeOrder(staff, customerCreate.customer.id, lines);
  }
}

async function placeOrder(staff: GraphClient, customerId: string, lines: readonly SampleLine[]): Promise<void> {
  const key = () => randomUUID();
  const placed = await staff.run<{ orderCreate: { order: { id: string; total: { amount: number } } } }>(createOrder, {
    // Said, since orders learns a new store's currency a moment after the store is there.
    input: { idempotencyKey: key(), customerId, currency: 'GBP', lines },
  });
  const { id: orderId, total } = placed.orderCreate.order;
  await staff.run(recordPayment, { input: { idempotencyKey: key(), orderId, tender: 'CARD', captured: total.amount } });
}
