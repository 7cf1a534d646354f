import type { Entity, Subgraph } from './subgraph.ts';

const people = ['Ada', 'Grace', 'Edsger', 'Barbara', 'Donald', 'Frances'];
const goods = ['Table', 'Couch', 'Chair', 'Lamp', 'Shelf'];
const opinions = [
  'Holds what it promises, and the colour is that of the picture.',
  'Too heavy for one person, so have somebody with you when it comes.',
  'A screw was missing; the shop sent one within two days.',
];
const reviewCount = 11;

/** What a request may bring along so that it is like no other: it comes back in every text of the answer. */
const marked = (text: string) => (args: Readonly<Record<string, unknown>>) =>
  typeof args['visit'] === 'string' ? `${text} (${args['visit']})` : text;

/** The goods of the shop window, and any number of others, `c-0`, `c-1` and so on, in the catalogue. */
const numberOf = (upc: string) => Number(upc.slice(upc.indexOf('-') + 1));
const weightOf = (upc: string) => 10 + (numberOf(upc) % 90);
const priceOf = (upc: string) => 100 + ((numberOf(upc) * 37) % 1_900);

const accounts: Subgraph = {
  sdl: `
    type Query { me: User users: [User] }
    type User @key(fields: "id") { id: ID! username(visit: String): String name(visit: String): String birthday: Int }`,
  query: { me: user('0'), users: people.map((_, index) => user(String(index))) },
  entity: ({ id }) => user(String(id)),
};

function user(id: string): Entity {
  const name = people[Number(id) % people.length] ?? '';
  return { __typename: 'User', id, username: marked(`@${name.toLowerCase()}`), name: marked(name), birthday: 1_900 + Number(id) };
}

const products: Subgraph = {
  sdl: `
    type Query { topProducts: [Product] catalogue(size: Int!): [Product] }
    type Product @key(fields: "upc") { upc: String! name(visit: String): String price: Int weight: Int }`,
  query: {
    topProducts: goods.map((_, index) => product(`t-${index}`)),
    catalogue: ({ size }: Readonly<Record<string, unknown>>) => Array.from({ length: Number(size) }, (_, index) => product(`c-${index}`)),
  },
  entity: ({ upc }) => product(String(upc)),
};

function product(upc: string): Entity {
  return {
    __typename: 'Product',
    upc,
    name: marked(`${goods[numberOf(upc) % goods.length]} ${numberOf(upc)}`),
    price: priceOf(upc),
    weight: weightOf(upc),
  };
}

const inventory: Subgraph = {
  sdl: `
    type Product @key(fields: "upc") {
      upc: String!
      price: Int @external
      weight: Int @external
      inStock: Boolean
      shippingEstimate: Int @requires(fields: "price weight")
    }`,
  query: {},
  entity: ({ upc, price, weight }) => ({
    __typename: 'Product',
    upc,
    inStock: numberOf(String(upc)) % 3 !== 0,
    shippingEstimate: Number(price) > 1_000 ? 0 : Number(weight) * 2,
  }),
};

const reviews: Subgraph = {
  sdl: `
    type Review @key(fields: "id") { id: ID! body(visit: String): String author: User product: Product }
    type User @key(fields: "id") { id: ID! reviews: [Review] }
    type Product @key(fields: "upc") { upc: String! reviews: [Review] }`,
  query: {},
  entity: ({ __typename, id, upc }) => {
    if (__typename === 'Review') return review(Number(id));
    return __typename === 'User' ? reviewer(String(id)) : reviewed(String(upc));
  },
};

/** Every one of the shop window is by the first user: an answer that follows reviews to their author and back meets the same things again and again. */
const review = (number: number, author = '0', upc = `t-${number % goods.length}`): Entity => ({
  __typename: 'Review',
  id: String(number),
  body: marked(opinions[number % opinions.length] ?? ''),
  author: () => reviewer(author),
  product: () => reviewed(upc),
});

const windowReviews = (chosen: (number: number) => boolean): Entity[] =>
  Array.from({ length: reviewCount }, (_, number) => number)
    .filter(chosen)
    .map((number) => review(number));

const reviewer = (id: string): Entity => ({ __typename: 'User', id, reviews: () => windowReviews(() => id === '0') });

const reviewed = (upc: string): Entity => ({ __typename: 'Product', upc, reviews: () => reviewsOfProduct(upc) });

/** One in the catalogue has a review of its own. */
function reviewsOfProduct(upc: string): Entity[] {
  const number = numberOf(upc);
  if (upc.startsWith('t-')) return windowReviews((each) => each % goods.length === number);
  return [review(reviewCount + number, String(number % people.length), upc)];
}

export const shop: Readonly<Record<string, Subgraph>> = { accounts, inventory, products, reviews };
