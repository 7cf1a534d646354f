import type { SubgraphSdls } from '../compose.ts';

/** An interface that is an entity, and a subgraph that adds to all its implementations without knowing any. */
export const interfaceObjects: SubgraphSdls = {
  catalog: `
    type Query { products: [Product!] product(id: ID!): Product favourite: Thing! }
    interface Product @key(fields: "id") { id: ID! name: String brand: Brand }
    type Shoe implements Product @key(fields: "id") { id: ID! name: String brand: Brand size: Int! pair: Shoe }
    type Hat implements Product @key(fields: "id") { id: ID! name: String brand: Brand wide: Boolean goesWith: [Product] }
    union Thing = Shoe | Hat | Brand
    type Brand @key(fields: "code") { code: ID! title: String }`,
  reviews: `
    type Query { reviewed: [Product] topReviewed: Product }
    type Mutation { review(id: ID!, text: String): Product }
    type Product @key(fields: "id") @interfaceObject { id: ID! reviews(first: Int): [Review!] score: Float }
    type Review { text: String product: Product brand: Brand }
    type Brand @key(fields: "code") { code: ID! products: [Product] }`,
};

/** The same, with fields that need what the implementations have. */
export const interfaceObjectRequirements: SubgraphSdls = {
  catalog: `
    type Query { products: [Product!] best: Product }
    interface Product @key(fields: "id") { id: ID! price: Int }
    type Shoe implements Product @key(fields: "id") { id: ID! price: Int size: Int! }
    type Hat implements Product @key(fields: "id") { id: ID! price: Int wide: Boolean }`,
  pricing: `
    type Query { cheap: [Product!]! }
    type Product @key(fields: "id") @interfaceObject { id: ID! price: Int @external discount: Int @requires(fields: "price") rank: Int }`,
};
