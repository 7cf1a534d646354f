import type { SubgraphSdls } from '../compose.ts';

/** Entities by single and several keys, @requires, @provides, value types, mutations: what most graphs are made of. */
export const shop: SubgraphSdls = {
  accounts: `
    type Query { me: User users(first: Int = 2, role: Role): [User!]! user(id: ID!): User }
    type Mutation { userRename(id: ID!, name: String!): User userBan(input: BanInput!): User! }
    input BanInput { id: ID! reasons: [Reason!] until: String = "ever" nested: BanInput }
    enum Reason { SPAM FRAUD OTHER }
    enum Role { STAFF SHOPPER ROBOT @inaccessible }
    type User @key(fields: "id") @key(fields: "email") {
      id: ID! email: String! name: String @shareable nick(style: String): String role: Role roles: [Role] home: Address @shareable address: Address! friends: [User!]
    }
    type Address @shareable { street: String city: City! }
    type City @shareable { name: String! code: Int }`,
  products: `
    type Query { topProducts(first: Int = 3): [Product!] product(upc: String!): Product shelves: [[Product]!] }
    type Mutation { productPrice(upc: String!, price: Int!): Product }
    scalar JSON
    type Product @key(fields: "upc") @key(fields: "sku brand") {
      upc: String! sku: ID! brand: String! name: String price(currency: Currency): Int weight: Float size: Size details: JSON maker: User dimensions: [Int!]
      similar(first: Int): [Product]
    }
    type Size @shareable { width: Int! height: Int! }
    enum Currency { EUR USD }
    type User @key(fields: "id", resolvable: false) { id: ID! }`,
  inventory: `
    type Query { stock: [Product!]! }
    type Product @key(fields: "upc") {
      upc: String! @shareable
      weight: Float @external price(currency: Currency): Int @external size: Size @external dimensions: [Int!] @external
      inStock: Boolean
      shipping: Int @requires(fields: "price(currency: USD) weight")
      parcel: String @requires(fields: "size { width height } dimensions")
      warehouse: Address
    }
    enum Currency { EUR USD }
    type Size @shareable { width: Int! height: Int! }
    type Address @shareable { street: String city: City! }
    type City @shareable { name: String! code: Int }`,
  reviews: `
    type Query { reviews(stars: [Int!], filter: ReviewFilter): [Review!] latest: Review }
    type Mutation { reviewAdd(upc: ID!, stars: Int = 5): Review }
    input ReviewFilter { text: String stars: [[Int!]] by: ID and: [ReviewFilter!] }
    type Review @key(fields: "id") { id: ID! body: String stars: Int! author: User @provides(fields: "name") product: Product! }
    type User @key(fields: "email") @key(fields: "id") {
      id: ID! email: String! name: String @external reviews(first: Int = 1): [Review] karma: Int @requires(fields: "name")
    }
    type Product @key(fields: "sku brand") { sku: ID! brand: String! reviews: [Review!]! }`,
};
