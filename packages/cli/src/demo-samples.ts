export interface SampleLine {
  readonly sku: string;
  readonly name: string;
  readonly quantity: number;
  /** In pence. */
  readonly unitPrice: number;
}

const heart = { sku: '85123A', name: 'White hanging heart T-light holder', unitPrice: 255 };
const lantern = { sku: '71053', name: 'White metal lantern', unitPrice: 339 };
const bottle = { sku: '84029G', name: 'Knitted Union flag hot water bottle', unitPrice: 339 };
const clock = { sku: '22726', name: 'Alarm clock bakelike green', unitPrice: 375 };

/** The customers that the demo store starts with, and the lines of each of their orders. */
export const sampleCustomers: readonly ({ readonly orders: readonly (readonly SampleLine[])[] } & Record<string, unknown>)[] = [
  {
    firstName: 'Ada',
    lastName: 'Lovelace',
    email: 'ada@example.com',
    phone: '+44 20 7946 0018',
    country: 'GB',
    language: 'en',
    addresses: [
      { line1: '12 St James Square', city: 'London', postalCode: 'SW1Y 4JH', country: 'GB', defaultBilling: true, defaultShipping: true },
    ],
    orders: [
      [
        { ...heart, quantity: 6 },
        { ...lantern, quantity: 2 },
      ],
      [{ ...clock, quantity: 1 }],
    ],
  },
  {
    firstName: 'Émilie',
    lastName: 'du Châtelet',
    email: 'emilie@example.fr',
    country: 'FR',
    language: 'fr',
    addresses: [{ line1: '2 rue Traversière', city: 'Paris', postalCode: '75012', country: 'FR', defaultShipping: true }],
    orders: [[{ ...bottle, quantity: 3 }]],
  },
  { firstName: 'Konrad', lastName: 'Zuse', email: 'konrad@example.de', country: 'DE', language: 'de', orders: [] },
];
