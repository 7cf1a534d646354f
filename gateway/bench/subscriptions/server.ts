import { useServer } from 'graphql-ws/use/ws';
import { WebSocketServer } from 'ws';
import { sayMemory } from './memory.ts';
import { createTopics, listen, schema } from './topics.ts';

// A process of its own, twice: the subgraph behind our gateway, and what our gateway is compared with. The least that graphql-ws serves the topics with:
// answers are there, and nothing is executed for them.

sayMemory();
const topics = createTopics();
const server = listen(topics);
useServer(
  { schema, subscribe: ({ variableValues }) => topics.follow(String(variableValues?.['name'])) },
  new WebSocketServer({ server, path: '/graphql', perMessageDeflate: false }),
);
