import { newId, type StoreId } from '@storegraph/core';
import { identity, subgraphHarness, type SubgraphHarness, type TestClient } from '@storegraph/testing';
import { expect } from 'vitest';
import { customers } from '../src/index.ts';

export interface UserError {
  readonly code: string;
  readonly field: readonly string[] | null;
}

/** The subgraph with two stores, and what its tests do again and again. */
export interface World extends SubgraphHarness {
  readonly storeId: StoreId;
  /** Staff of the store, with every permission. */
  readonly staff: TestClient;
  /** Staff of another store. */
  readonly stranger: TestClient;
  /** Runs a mutation and gives its payload. */
  mutate<Payload = Record<string, unknown>>(
    name: string,
    input: Record<string, unknown>,
    selection?: string,
    client?: TestClient,
  ): Promise<Payload & { userErrors: UserError[] }>;
  /** Runs a mutation that must be refused: gives code and field of each error, once it has seen that nothing has changed anywhere. */
  refused(name: string, input: Record<string, unknown>, client?: TestClient): Promise<(readonly [string, string | null])[]>;
  /** Makes a customer of the store and gives its id. */
  create(input?: Record<string, unknown>, client?: TestClient): Promise<string>;
  /** Every event of the domain so far, the oldest first. */
  events(): Promise<
    { type: string; payload: Record<string, unknown>; personal: Record<string, unknown> | null; subject: string | null; origin: string }[]
  >;
}

export async function world(options?: Parameters<typeof subgraphHarness>[1]): Promise<World> {
  const harness = await subgraphHarness(customers, options);
  const storeId = newId('sto');
  const staff = harness.as(identity.staff(storeId));
  const stranger = harness.as(identity.staff(newId('sto')));

  const mutate: World['mutate'] = async (name, input, selection = '', client = staff) => {
    const type = `${name.charAt(0).toUpperCase()}${name.slice(1)}Input`;
    const document = `mutation ($input: ${type}!) { result: ${name}(input: $input) { ${selection} userErrors { code field } } }`;
    const { result } = await client.data<{ result: never }>(document, { input });
    return result;
  };

  const everything = async () => {
    const [row] = await harness.admin(`select
      (select jsonb_agg(t order by t) from customers.customers t) customers, (select jsonb_agg(t order by t) from customers.addresses t) addresses,
      (select jsonb_agg(t order by t) from customers.contact_points t) points, (select jsonb_agg(t order by t) from customers.stores t) stores,
      (select jsonb_agg(t order by t) from customers.customer_tags t) tags,
      (select count(*) from events.log) events`);
    return row;
  };

  return {
    ...harness,
    storeId,
    staff,
    stranger,
    mutate,
    refused: async (name, input, client = staff) => {
      const before = await everything();
      const { userErrors } = await mutate(name, input, '', client);
      expect(userErrors).not.toEqual([]);
      expect(await everything()).toEqual(before);
      return userErrors.map(({ code, field }) => [code, field?.join('.') ?? null] as const);
    },
    create: async (input = { firstName: 'Anna', lastName: 'Li' }, client = staff) => {
      const { customer, userErrors } = await mutate<{ customer: { id: string } | null }>(
        'customerCreate',
        input,
        'customer { id }',
        client,
      );
      if (!customer) throw new Error(`The customer was refused: ${JSON.stringify(userErrors)}`);
      return customer.id;
    },
    events: () =>
      harness.admin(
        `select type, payload, personal, subject, origin from events.log where producer = 'customers' and type <> 'activity.recorded' order by id`,
      ),
  };
}
