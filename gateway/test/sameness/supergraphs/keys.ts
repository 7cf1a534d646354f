import type { SubgraphSdls } from '../compose.ts';

/** A way from subgraph to subgraph over a different key each time, keys with objects inside, stubs, and a field that has moved. */
export const keys: SubgraphSdls = {
  one: `
    type Query { start: Item! items: [Item] teams: [Team!]! }
    type Item @key(fields: "a") { a: ID! one: String next: Item }
    type Team @key(fields: "id") { id: ID! title: String motto: String @shareable lead: Person }
    type Person @key(fields: "team { id } number") { team: Team! number: Int! name: String }`,
  two: `
    type Query { second: Item }
    type Item @key(fields: "a") @key(fields: "b") { a: ID! b: ID! two: Int moved: String @override(from: "three") team: Team }
    type Team @key(fields: "id", resolvable: false) { id: ID! }
    type Person @key(fields: "team { id } number") { team: Team! number: Int! age: Int }`,
  three: `
    type Item @key(fields: "b") @key(fields: "c { x y { z } }") { b: ID! c: C! three: [Float] moved: String peers: [Item!] }
    type C @shareable { x: Int! y: Y! }
    type Y @shareable { z: String! }`,
  four: `
    type Query { fourth: [Item!] }
    type Item @key(fields: "c { x y { z } }") { c: C! four: Boolean person: Person }
    type C @shareable { x: Int! y: Y! }
    type Y @shareable { z: String! }
    type Person @key(fields: "team { id } number") @key(fields: "code") { team: Team! number: Int! code: String! boss: Person }
    type Team @key(fields: "id") { id: ID! motto: String @shareable members(min: Int): [Person!] }`,
  five: `
    type Query { coded: Person }
    type Person @key(fields: "code") { code: String! items: [[Item!]] }
    type Item @key(fields: "a", resolvable: false) { a: ID! }`,
};
