/** An object of a subgraph: what its fields are, or how they follow from their arguments. */
export interface Entity {
  readonly __typename: string;
  readonly [field: string]: unknown;
}

/** A subgraph that lives in memory. It knows just so much GraphQL as a gateway's fetches need. */
export interface Subgraph {
  /** Without the directives' import. */
  readonly sdl: string;
  readonly query: Readonly<Record<string, unknown>>;
  entity(representation: Entity): Entity;
}
