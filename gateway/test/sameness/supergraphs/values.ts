import type { SubgraphSdls } from '../compose.ts';

/** Nulls, lists of lists, scalars and enums in every wrapping, and arguments of every kind. */
export const values: SubgraphSdls = {
  plain: `
    scalar Date
    scalar Any
    enum Colour { RED GREEN BLUE @inaccessible }
    input Filter { text: String! = "x" colours: [Colour!] min: Float at: Date any: Any nested: Filter deep: [[Filter!]!] flag: Boolean id: ID }
    type Query {
      box(filter: Filter, colour: Colour = RED, any: Any, at: Date = "now"): Box
      boxes(filters: [Filter!], sizes: [[Int!]!], numbers: [Float] = [1, 2.5, null], flag: Boolean!): [Box!]!
      strict: Box! grid: [[Box!]!]! maybe: [[Box]]
    }
    type Box @key(fields: "id") {
      id: ID! int: Int! float: Float! string: String! bool: Boolean! ids: [ID!]! date: Date! any: Any colour: Colour colours: [Colour!] mixed: [[Colour]!]
      matrix: [[[Int!]]!] inside: Inside! insides: [Inside!]! maybe: Inside other: Box! others: [[Box!]!]
    }
    type Inside @shareable { value: Int! deeper: Inside box: Box! name(shout: Boolean! = false, in: [Colour!] = [RED, GREEN]): String }`,
  more: `
    scalar Date
    enum Colour { RED GREEN BLUE @inaccessible }
    type Query { more: [Box!] }
    type Mutation { paint(colour: Colour!, times: [Int]): Box! wash(id: ID = 7): [Box] }
    type Box @key(fields: "id") { id: ID! weight: Float! sure: Boolean! tone(at: Date, by: ID): Colour! list: [String!]! inside2: Inside partner: Box! partners: [Box!]! }
    type Inside @shareable { value: Int! deeper: Inside box: Box! name(shout: Boolean! = false, in: [Colour!] = [RED, GREEN]): String }`,
  last: `
    type Box @key(fields: "id") { id: ID! weight: Float! @external price: Int! @requires(fields: "weight") tags: [[String]!]! }`,
};
