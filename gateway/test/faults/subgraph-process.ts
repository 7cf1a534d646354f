import { createServer } from 'node:http';
import { json } from 'node:stream/consumers';
import type { Fixture } from '../fixture/subgraphs.ts';

/** What a subgraph's process is told to begin with. Port 0: any free one. */
export interface Start {
  readonly name: keyof Fixture;
  readonly port: number;
}

/** What it says once it answers. */
export interface Started {
  readonly port: number;
}

interface Asked {
  readonly id: string;
  readonly representations: readonly { readonly id: string }[];
}

/** The answers of the fixture's subgraphs to the one operation that they are asked here; the store is named after the request. */
const answers: Readonly<Record<keyof Fixture, (variables: Asked, requestId: string) => object>> = {
  accounts: (_, requestId) => ({ store: { name: requestId } }),
  customers: ({ id }) => ({ customer: { __typename: 'Customer', id, name: `Name ${id}` } }),
  orders: ({ representations }) => ({
    _entities: representations.map(({ id }) => ({ __typename: 'Customer', orders: [{ id: `ord_${id}` }], orderCount: 1 })),
  }),
};

/** A subgraph in a process that is there at once, since it loads nothing: twenty of them start while others need the machine. It ends with the one that started it. */
process.once('message', (message) => {
  const { name, port } = message as Start;
  const server = createServer((request, response) => {
    void json(request).then((body) => {
      const { variables } = body as { variables: Asked };
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify({ data: answers[name](variables, String(request.headers['x-request-id'])) }));
    });
  });
  server.listen(port, '127.0.0.1', () => {
    const address = server.address();
    if (typeof address === 'object' && address) process.send?.({ port: address.port } satisfies Started);
  });
});
process.once('disconnect', () => process.exit());
