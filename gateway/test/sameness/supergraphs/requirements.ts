import type { SubgraphSdls } from '../compose.ts';

/** Fields that need fields that need fields, of values, lists, interfaces and unions, and of arguments. */
export const requirements: SubgraphSdls = {
  a: `
    type Query { things: [Thing!] thing: Thing holders: [Holder] }
    type Thing @key(fields: "id") { id: ID! base: Int parts: [Part!] shape: Shape any: Any sized(unit: Unit): Int part: Part! }
    enum Unit { CM INCH }
    type Part @shareable { weight: Int! inner: Part names: [[String!]] }
    interface Shape { area: Int }
    type Round implements Shape { area: Int radius: Int }
    type Square implements Shape { area: Int side: Int corner: Part }
    union Any = Round | Thing | Square
    type Holder @key(fields: "id") { id: ID! thing: Thing! }`,
  b: `
    type Query { bs: Thing }
    type Thing @key(fields: "id") {
      id: ID! base: Int @external parts: [Part!] @external shape: Shape @external sized(unit: Unit): Int @external
      twice: Int @requires(fields: "base")
      heavy: String @requires(fields: "parts { weight inner { weight names } }")
      shaped: String @requires(fields: "shape { area ... on Round { radius } ... on Square { side corner { weight } } }")
      inches: Int @requires(fields: "sized(unit: INCH)")
      link: Thing
    }
    enum Unit { CM INCH }
    type Part @shareable { weight: Int! inner: Part names: [[String!]] }
    interface Shape { area: Int }
    type Round implements Shape { area: Int @external radius: Int @external }
    type Square implements Shape { area: Int @external side: Int @external corner: Part @external }`,
  c: `
    type Thing @key(fields: "id") { id: ID! twice: Int @external base: Int @external thrice: Int @requires(fields: "twice") both: [Int] @requires(fields: "base twice") }
    type Holder @key(fields: "id") { id: ID! thing: Thing! @external held: String @requires(fields: "thing { id thrice }") extra: Int }`,
  d: `
    type Thing @key(fields: "id") { id: ID! thrice: Int @external heavy: String @external last: String! @requires(fields: "thrice heavy") friends: [Thing] }
    type Holder @key(fields: "id") { id: ID! extra: Int @external held: String @external sum(of: [Int!]): Float @requires(fields: "extra held") }`,
};
