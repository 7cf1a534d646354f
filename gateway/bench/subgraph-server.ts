import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { compileOperation } from './graph/answer.ts';
import { shop } from './graph/shop.ts';

// A process of its own: every subgraph at /<milliseconds to wait>/<subgraph>, and how many fetches there were at /fetches.

interface Fetch {
  readonly query: string;
  readonly variables?: Readonly<Record<string, unknown>>;
}

const compiled = new Map<string, ReturnType<typeof compileOperation>>();
/** Of requests that came before, word for word. Bounded, since those of some workloads never come again. */
const answers = new Map<string, string>();
const rememberedAnswers = 500;
let fetches = 0;

function answerTo(name: string, body: string): string {
  const key = `${name} ${body}`;
  const known = answers.get(key);
  if (known !== undefined) return known;
  const { query, variables = {} } = JSON.parse(body) as Fetch;
  const subgraph = shop[name];
  if (!subgraph) throw new Error(`There is no subgraph ${name}.`);
  const operation = compiled.get(`${name} ${query}`) ?? compileOperation(subgraph, query);
  compiled.set(`${name} ${query}`, operation);
  const answer = JSON.stringify(operation(variables));
  if (answers.size < rememberedAnswers) answers.set(key, answer);
  return answer;
}

const server = createServer((request, response) => {
  const [, delay, name = ''] = request.url?.split('/') ?? [];
  if (delay === 'fetches') return void response.end(String(fetches));
  fetches += 1;
  void text(request).then(async (body) => {
    if (Number(delay) > 0) await sleep(Number(delay));
    response.setHeader('content-type', 'application/json');
    response.end(answerTo(name, body));
  });
});
// Longer than any pause between two measures: no gateway meets a connection that is just being closed.
server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  process.send?.({ url: `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}` });
});
process.on('disconnect', () => process.exit());
