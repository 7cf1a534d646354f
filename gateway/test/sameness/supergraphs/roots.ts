import type { SubgraphSdls } from '../compose.ts';

/** Root types of other names, root fields that several subgraphs share, things that clients must not see, and a subgraph of the first federation. */
export const roots: SubgraphSdls = {
  renamed: `
    schema { query: Questions mutation: Deeds }
    type Questions { orders(state: State, ids: [ID!]): [Order!]! version: String @shareable secret: String @inaccessible viewer: Viewer @shareable }
    type Deeds { orderOpen(input: OrderInput): Order orderClose(id: ID!): Order! }
    input OrderInput { note: String = "none" lines: [LineInput!]! = [{ sku: "a" }] hidden: Int @inaccessible }
    input LineInput { sku: String! count: Int = 1 tags: [String] }
    enum State { OPEN CLOSED LOST @inaccessible }
    type Order @key(fields: "id") @tag(name: "public") { id: ID! state: State history: [State!] lines: [[Line!]!]! customer: Customer internal: String @inaccessible payer: Payer payers: [Payer!] }
    type Line { sku: String! count: Int! total: Float! order: Order! }
    type Viewer @shareable { name: String! age: Int }
    union Payer = Customer | Robot
    type Robot @inaccessible { serial: Int }
    type Customer @key(fields: "id") { id: ID! }`,
  other: `
    type Query { version: String @shareable viewer: Viewer @shareable customers(first: Int! = 2): [Customer!] }
    type Mutation { customerMerge(a: ID!, b: ID!): Customer }
    type Viewer @shareable { name: String! age: Int orders: [Order] }
    type Customer @key(fields: "id") @key(fields: "hidden") { id: ID! hidden: ID! @inaccessible name: String! @cost(weight: 3) vip: Boolean! }
    type Order @key(fields: "id") { id: ID! paid: Boolean! refund(part: Float = 0.5): Int }`,
  third: `
    type Query { version: String @shareable }
    type Customer @key(fields: "hidden") { hidden: ID! @inaccessible points: Int! tier: Tier! }
    enum Tier { GOLD SILVER }`,
  first: `# federation 1
    extend type Query { oldest: Order }
    extend type Order @key(fields: "id") { id: ID! @external state: State @external overdue: Boolean @requires(fields: "state") invoice: Invoice }
    enum State { OPEN CLOSED LOST }
    type Invoice { number: Int! order: Order }`,
};
