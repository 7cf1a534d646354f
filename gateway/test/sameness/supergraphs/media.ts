import type { SubgraphSdls } from '../compose.ts';

/** Interfaces and unions with entities and values inside, with fields that have one name and different types. */
export const media: SubgraphSdls = {
  catalog: `
    type Query { media: [Media!] found(text: String): [Found!]! any: Found node: Node nodes: [Node] owners: [[Owner]] }
    interface Node { id: ID! }
    interface Media implements Node { id: ID! title: String similar: [Media] }
    type Book implements Media & Node @key(fields: "id") { id: ID! title: String similar: [Media] pages: Int rating: Int! cover: Picture author: Person extra: Found }
    type Movie implements Media & Node @key(fields: "id") { id: ID! title: String similar: [Media] length: Float rating: Int cover: [Picture!] director: Person extra: Media }
    type Song implements Node @key(fields: "code") { id: ID! code: Int! rating: String title: String! }
    union Found = Book | Movie | Person | Clip
    type Clip { seconds: Int cover: String of: Media }
    type Picture @shareable { url: String! size: Int }
    interface Owner { name: String }
    type Person implements Owner @key(fields: "name") { name: String! works: [Found] }
    type Company implements Owner { name: String parent: Owner head: Person }`,
  stats: `
    type Query { popular: [Work] best: Ranked }
    interface Ranked { rank: Int! }
    type Book implements Ranked @key(fields: "id") { id: ID! rank: Int! sales: Int quotes: [Quote!] }
    type Movie implements Ranked @key(fields: "id") { id: ID! rank: Int! sales: String awards: [Award] }
    type Song @key(fields: "code") { code: Int! plays(since: String): Int }
    union Work = Book | Movie | Song
    union Award = Prize | Book
    type Prize { name: String! year: Int winner: Person }
    type Quote { text: String by: Person }
    type Person @key(fields: "name") { name: String! fame: Int topWork: Work }`,
  people: `
    type Query { people: [Person!] }
    type Person @key(fields: "name") { name: String! born: Int friends: [Person] favourite: Liked portrait: Picture }
    union Liked = Book | Song | Picture
    type Picture @shareable { url: String! size: Int }
    type Book @key(fields: "id") { id: ID! readers: [Person!]! }
    type Song @key(fields: "code") { code: Int! singer: Person }`,
};
