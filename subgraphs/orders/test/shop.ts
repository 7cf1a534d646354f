import { newId, type CustomerId, type StoreId } from '@storegraph/core';
import { identity, type TestClient } from '@storegraph/testing';
import { key, type Desk } from './desk.ts';

export interface OpenCart {
  readonly cartId: string;
  readonly token: string;
}

export interface SeenCart {
  readonly id: string;
  readonly status: string;
  readonly units: number;
  readonly lines: readonly { readonly id: string; readonly quantity: number; readonly total: { readonly amount: number } }[];
  readonly totals: Readonly<
    Record<'subtotal' | 'discount' | 'tax' | 'shipping' | 'shippingDiscount' | 'total', { readonly amount: number }>
  >;
  readonly problems: readonly { readonly code: string; readonly reason: string | null }[];
  readonly order: { readonly id: string; readonly number: string; readonly due: { readonly amount: number } } | null;
}

const seen = `cart { id status units lines { id quantity total { amount } } problems { code reason } order { id number due { amount } }
  totals { subtotal { amount } discount { amount } tax { amount } shipping { amount } shippingDiscount { amount } total { amount } } }`;

/** A store's front end, as its shoppers use it. */
export interface Shop {
  readonly visitor: TestClient;
  customer(id: CustomerId): TestClient;
  goods(rest?: object): Promise<string>;
  shipping(rest?: object): Promise<string>;
  /** A cart of nobody known, with these offers in it and an e-mail address. */
  cart(offers?: readonly string[], client?: TestClient): Promise<OpenCart>;
  mutate(
    name: string,
    input: object,
    client?: TestClient,
  ): Promise<{ cart: SeenCart | null; token?: string; userErrors: { code: string; field: string[] | null }[] }>;
  /** Codes and fields of a mutation that must be refused. */
  refused(name: string, input: object, client?: TestClient): Promise<[string, string | null][]>;
  read(cart: OpenCart, client?: TestClient): Promise<SeenCart | null>;
}

export const inADay = (): string => new Date(Date.now() + 24 * 60 * 60_000).toISOString();

export function shopOf(desk: Desk, storeId: StoreId = desk.storeId): Shop {
  const visitor = desk.as(identity.anonymous(storeId));
  const offer = async (kind: 'goods' | 'shipping', given: object): Promise<string> => {
    const { offers } = await desk.mutate<{ offers: Record<string, string[]> | null }>(
      'cartOffersCreate',
      { [kind]: [given] },
      'offers { goods shipping }',
    );
    const [sealed] = offers?.[kind] ?? [];
    if (!sealed) throw new Error('No offer was made');
    return sealed;
  };
  const mutate: Shop['mutate'] = (name, input, client = visitor) =>
    desk.mutate(name, input, name === 'cartCreate' || name === 'cartRecover' ? `${seen} token` : seen, client);
  return {
    visitor,
    customer: (id) => desk.as(identity.customer(storeId, id)),
    mutate,
    goods: (rest = {}) =>
      offer('goods', { sku: `S-${newId('crl')}`, name: 'Lantern', price: 1250, currency: 'EUR', expiresAt: inADay(), ...rest }),
    shipping: (rest = {}) => offer('shipping', { name: 'Parcel', price: 490, currency: 'EUR', expiresAt: inADay(), ...rest }),
    cart: async (offers = [], client = visitor) => {
      const { cart, token = '' } = await mutate('cartCreate', { currency: 'EUR' }, client);
      if (!cart) throw new Error('No cart was opened');
      const open = { cartId: cart.id, token };
      for (const sealed of offers) await mutate('cartLineAdd', { ...open, offer: sealed }, client);
      await mutate('cartUpdate', { ...open, contact: { email: 'Ada@Example.com', name: 'Ada' } }, client);
      return open;
    },
    refused: async (name, input, client = visitor) => {
      const { cart, userErrors } = await mutate(name, input, client);
      if (cart) throw new Error(`${name} gave ${JSON.stringify(cart)}`);
      return userErrors.map(({ code, field }) => [code, field?.join('.') ?? null]);
    },
    read: async ({ cartId, token }, client = visitor) =>
      (
        await client.data<{ cart: SeenCart | null }>(
          `query ($id: ID!, $token: String) { ${seen.replace('cart', 'cart(id: $id, token: $token)')} }`,
          { id: cartId, token },
        )
      ).cart,
  };
}

export const checkout = (cart: OpenCart, expectedTotal: number, rest: object = {}) => ({
  ...cart,
  expectedTotal,
  idempotencyKey: key(),
  ...rest,
});
