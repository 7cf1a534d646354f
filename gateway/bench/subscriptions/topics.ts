import { createServer, type Server } from 'node:http';
import { buildSchema, type GraphQLSchema } from 'graphql';

/** The live field, as the subgraph of the one side and the bare server of the other have it. */
export const sdl = `
type Query { topics: [String!]! }
type Subscription { topic(name: String!): TopicEvent! }
type TopicEvent { name: String! play: String! sentAt: String! text: String! }`;

export const schema: GraphQLSchema = buildSchema(sdl);
export const subscription = 'subscription ($name: String!) { topic(name: $name) { name play sentAt text } }';
const topicCount = 200;
export const topicName = (index: number): string => `topic-${index % topicCount}`;

interface TopicAnswer {
  readonly data: { readonly topic: Readonly<Record<'name' | 'play' | 'sentAt' | 'text', string>> };
}

export interface Topics {
  /** The answers to a subscription, without anything executed. */
  follow(name: string): AsyncIterableIterator<TopicAnswer, void>;
  /** Publishes so many events of each topic, evenly over time. Each says in which play. */
  play(name: string, events: number): Promise<void>;
}

/** How often a topic has an event. */
const everyMs = 200;
const text = 'What happened, as long as such things are. '.repeat(6);

export function createTopics(): Topics {
  const followers = new Map<string, Set<(answer: TopicAnswer) => void>>();

  function publish(name: string, play: string): void {
    const answer = { data: { topic: { name, play, sentAt: String(process.hrtime.bigint()), text } } };
    for (const tell of followers.get(name) ?? []) tell(answer);
  }

  return {
    follow(name) {
      const waiting: TopicAnswer[] = [];
      let asked: ((result: IteratorResult<TopicAnswer, void>) => void) | undefined;
      const tell = (value: TopicAnswer) => {
        if (!asked) return void waiting.push(value);
        asked({ done: false, value });
        asked = undefined;
      };
      const all = followers.get(name) ?? new Set();
      followers.set(name, all.add(tell));
      return {
        next: () => {
          const value = waiting.shift();
          return value ? Promise.resolve({ done: false, value }) : new Promise((resolve) => (asked = resolve));
        },
        return: () => {
          all.delete(tell);
          asked?.({ done: true, value: undefined });
          return Promise.resolve({ done: true, value: undefined });
        },
        [Symbol.asyncIterator]() {
          return this;
        },
      };
    },
    play(name, events) {
      const start = performance.now();
      const all = events * topicCount;
      let published = 0;
      return new Promise((resolve) => {
        const go = () => {
          const due = Math.min(all, Math.ceil(((performance.now() - start) / everyMs) * topicCount));
          for (; published < due; published += 1) publish(topicName(published), name);
          if (published < all) setTimeout(go, 1);
          else resolve();
        };
        go();
      });
    },
  };
}

/** Answers `/play?name=…&events=…` when that has been done. Says where it is over IPC, and ends when the channel closes. */
export function listen(topics: Topics): Server {
  const server = createServer((request, response) => {
    const { searchParams } = new URL(request.url ?? '', 'http://any');
    void topics.play(searchParams.get('name') ?? '', Number(searchParams.get('events'))).then(() => response.end());
  });
  server.listen(0, '127.0.0.1', () => {
    const address = server.address();
    process.send?.({ url: `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}` });
  });
  process.on('disconnect', () => process.exit());
  return server;
}
