/** What both gateways are asked, and how. */
export interface Workload {
  readonly name: string;
  readonly query: string;
  /** The variables of the nth request. */
  variables(request: number): Readonly<Record<string, unknown>>;
  /** How many requests are under way at any time. */
  readonly concurrency: number;
  /** How long the subgraphs take to answer, beyond what they need. */
  readonly delayMs: number;
  /** What our CPU per request should at most be, as a share of the reference's, where that is laid down. */
  readonly aim: number | null;
}

/** Follows users to reviews, products, their reviews, authors and back: 16 fetches. `marked` brings a variable to every text. */
const nested = (marked: boolean) => {
  const visit = marked ? '(visit: $visit)' : '';
  return `
query Nested${marked ? '($visit: String!)' : ''} {
  users { ...User reviews { ...Review product { ...Product reviews { ...Review author { ...User reviews { ...Review product { ...Product } } } } } } }
  topProducts { ...Product reviews { ...Review author { ...User reviews { ...Review product { ...Product } } } } }
}
fragment User on User { id username${visit} name${visit} }
fragment Review on Review { id body${visit} }
fragment Product on Product { inStock name${visit} price shippingEstimate upc weight }`;
};

const none = () => ({});

export const workloads: readonly Workload[] = [
  { name: 'nested', query: nested(false), variables: none, concurrency: 8, delayMs: 0, aim: 0.2 },
  {
    name: 'nested, no two requests equal',
    query: nested(true),
    // Of one length, so that every answer has the same.
    variables: (request) => ({ visit: String(request).padStart(8, '0') }),
    concurrency: 8,
    delayMs: 0,
    aim: 0.2,
  },
  { name: 'nested, subgraphs 20 ms away', query: nested(false), variables: none, concurrency: 32, delayMs: 20, aim: 0.2 },
  { name: 'small', query: '{ topProducts { upc name price } }', variables: none, concurrency: 16, delayMs: 0, aim: 0.5 },
  {
    name: 'a list of 10000 entities',
    query: '{ catalogue(size: 10000) { upc inStock } }',
    variables: none,
    concurrency: 1,
    delayMs: 0,
    aim: 0.2,
  },
];

/** The same question about ever more things, to see how the cost grows. */
export const growing = (size: number): Workload => ({
  name: `a catalogue of ${size}`,
  query:
    'query Catalogue($size: Int!) { catalogue(size: $size) { upc name price weight inStock shippingEstimate reviews { id body author { id name } } } }',
  variables: () => ({ size }),
  concurrency: 1,
  delayMs: 0,
  aim: null,
});
