import { randomUUID } from 'node:crypto';
import type { Identity } from '@storegraph/auth';
import { newId, type CustomerId, type Id, type StoreId } from '@storegraph/core';
import type { Tx } from '@storegraph/database';
import { identity, subgraphHarness, type SubgraphHarness, type TestClient } from '@storegraph/testing';
import { rememberCustomers } from '../src/customer/known.ts';
import { orders } from '../src/subgraph.ts';

export interface UserError {
  readonly code: string;
  readonly field: readonly string[] | null;
}

export interface PlacedOrder {
  readonly id: Id<'ord'>;
  readonly number: string;
  readonly total: { readonly amount: number };
  readonly lines: readonly { readonly id: Id<'orl'>; readonly total: { readonly amount: number } }[];
}

/** A store's order desk, with its own members, customers and orders. */
export interface Desk {
  readonly storeId: StoreId;
  readonly staff: TestClient;
  as(identity: Identity): TestClient;
  /** Runs a mutation; the payload's fields stand beside its errors. */
  mutate<Payload = Record<string, unknown>>(
    name: string,
    input: object,
    selection?: string,
    client?: TestClient,
  ): Promise<Payload & { userErrors: UserError[] }>;
  /** The codes and fields of a mutation that must be refused. Fails when the entity is there all the same. */
  refused(name: string, input: object, client?: TestClient): Promise<[string, string | null][]>;
  /** A customer that this store is known to have. */
  customer(): Promise<CustomerId>;
  order(input?: object): Promise<PlacedOrder>;
  pay(order: { id: string }, captured: number, rest?: object): Promise<Id<'opm'>>;
  parcel(order: { id: string }, lines?: { lineId: string; quantity: number }[]): Promise<Id<'ful'>>;
  /** Runs in one transaction of the domain, as its system. */
  write<T>(work: (tx: Tx) => Promise<T>): Promise<T>;
}

export interface OrdersHarness extends SubgraphHarness {
  desk(): Desk;
}

export const key = (): string => randomUUID();

export const line = (rest: object = {}) => ({ sku: 'A-1', name: 'Lantern', quantity: 2, unitPrice: 1250, ...rest });

const entities: Readonly<Record<string, string>> = {
  orderCreate: 'order { id number total { amount } lines { id total { amount } } }',
  orderPaymentRecord: 'payment { id }',
  orderPaymentCapture: 'payment { id }',
  orderPaymentVoid: 'payment { id }',
  orderRefund: 'refund { id }',
  fulfillmentCreate: 'fulfillment { id }',
  fulfillmentShip: 'fulfillment { id }',
  fulfillmentDeliver: 'fulfillment { id }',
  fulfillmentCancel: 'fulfillment { id }',
  orderSettingsUpdate: 'settings { unpaidExpiryMinutes }',
  returnRequest: 'return { id }',
  returnApprove: 'return { id }',
  returnDecline: 'return { id }',
  returnReceive: 'return { id }',
  returnCancel: 'return { id }',
  discountCreate: 'discount { id }',
  discountUpdate: 'discount { id }',
  discountEnable: 'discount { id }',
  discountDisable: 'discount { id }',
  discountArchive: 'discount { id }',
  discountCodeCreate: 'code { id code }',
  discountCodeDisable: 'code { id }',
  discountCodeBatchCreate: 'batch { id }',
  orderExportCreate: 'export { id }',
  giftCardIssue: 'giftCard { id } code',
  storeCreditGrant: 'giftCard { id }',
  giftCardAdjust: 'giftCard { id }',
  giftCardDisable: 'giftCard { id }',
  giftCardEnable: 'giftCard { id }',
  giftCardExpirySet: 'giftCard { id }',
  giftCardCodeReplace: 'giftCard { id } code',
  giftCardSettingsSet: 'settings { forfeitAfterDays }',
  orderGiftCardApply: 'payment { id }',
  refundGrant: 'refund { id }',
  refundSettle: 'refund { id }',
  refundCancel: 'refund { id }',
};

export async function ordersHarness(options: Parameters<typeof subgraphHarness>[1] = {}): Promise<OrdersHarness> {
  const harness = await subgraphHarness(orders, options);
  return { ...harness, desk: () => deskOf(harness) };
}

function deskOf(harness: SubgraphHarness): Desk {
  const storeId = newId('sto');
  const staff = harness.as(identity.staff(storeId));

  const mutate: Desk['mutate'] = async (name, input, selection = entities[name] ?? 'order { id }', client = staff) => {
    const type = `${name.charAt(0).toUpperCase()}${name.slice(1)}Input`;
    const { result } = await client.data<{ result: never }>(
      `mutation ($input: ${type}!) { result: ${name}(input: $input) { ${selection} userErrors { code field } } }`,
      { input },
    );
    return result;
  };
  const done = async <Payload>(name: string, input: object): Promise<Payload> => {
    const { userErrors, ...payload } = await mutate<object>(name, input);
    if (userErrors.length > 0) throw new Error(`${name} was refused: ${JSON.stringify(userErrors)}`);
    return payload as Payload;
  };
  const write: Desk['write'] = async (work) => {
    const db = harness.pool.session({ domain: 'orders', identity: identity.system(storeId), correlationId: key(), origin: 'LIVE' });
    try {
      return await db.write(work);
    } finally {
      await db.end();
    }
  };

  return {
    storeId,
    staff,
    as: harness.as,
    mutate,
    write,
    refused: async (name, input, client) => {
      const { userErrors, ...entity } = await mutate<object>(name, input, undefined, client);
      if (Object.values(entity).some((value) => value !== null)) throw new Error(`${name} gave ${JSON.stringify(entity)}`);
      return userErrors.map(({ code, field }) => [code, field?.join('.') ?? null]);
    },
    customer: async () => {
      const id = newId('cus');
      await write((tx) => rememberCustomers(tx, [id]));
      return id;
    },
    order: async (input = {}) =>
      (await done<{ order: PlacedOrder }>('orderCreate', { idempotencyKey: key(), currency: 'EUR', lines: [line()], ...input })).order,
    pay: async (order, captured, rest = {}) =>
      (
        await done<{ payment: { id: Id<'opm'> } }>('orderPaymentRecord', {
          idempotencyKey: key(),
          orderId: order.id,
          tender: 'CARD',
          captured,
          ...rest,
        })
      ).payment.id,
    parcel: async (order, lines) =>
      (
        await done<{ fulfillment: { id: Id<'ful'> } }>('fulfillmentCreate', {
          idempotencyKey: key(),
          orderId: order.id,
          ...(lines ? { lines } : {}),
        })
      ).fulfillment.id,
  };
}
