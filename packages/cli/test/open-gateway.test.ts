import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { composeServices } from '@apollo/composition';
import { graphql, parse, type GraphQLSchema } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { storegraph, type RunningCommand } from './command.ts';
import { oneProcess, type RunInOneProcess } from './one-process.ts';

const library = 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.5", import: ["@key"])';
const foreign = {
  books: {
    typeDefs: parse(`${library} type Query { books: [Book!]! } type Book @key(fields: "isbn") { isbn: ID! title: String! }`),
    resolvers: {
      Query: {
        books: () => [
          { isbn: '1', title: 'Emma' },
          { isbn: '2', title: 'Persuasion' },
        ],
      },
    },
  },
  lending: {
    typeDefs: parse(`${library} type Book @key(fields: "isbn") { isbn: ID! copies: Int! }`),
    resolvers: { Book: { copies: ({ isbn }: { isbn: string }) => Number(isbn) * 10 } },
  },
};

interface Call {
  readonly url: string | undefined;
  readonly headers: IncomingHttpHeaders;
}

const calls: Call[] = [];
const schemas: Record<string, GraphQLSchema> = Object.fromEntries(
  Object.entries(foreign).map(([name, subgraph]) => [`/library/${name}`, buildSubgraphSchema(subgraph)]),
);
const server = createServer((request, response) => {
  calls.push({ url: request.url, headers: request.headers });
  const schema = schemas[request.url ?? ''];
  if (!schema) return void response.writeHead(404).end();
  void json(request).then(async (body) => {
    const { query, variables } = body as { query: string; variables?: Record<string, unknown> };
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(await graphql({ schema, source: query, variableValues: variables ?? null })));
  });
});

let folder: string;
/** Writes a supergraph and gives the name of its file. */
async function file(name: string, text: string): Promise<string> {
  await writeFile(join(folder, name), text);
  return join(folder, name);
}

function supergraph(urlOf: (name: string) => string): string {
  const services = Object.entries(foreign).map(([name, { typeDefs }]) => ({ name, typeDefs, url: urlOf(name) }));
  const { supergraphSdl, errors } = composeServices(services);
  if (!supergraphSdl) throw new Error(errors?.join('\n'));
  return supergraphSdl;
}

const open = (supergraphFile: string, port = '0') => ['gateway', '--open', '--supergraph', supergraphFile, '--port', port];

let run: RunInOneProcess;
let origin: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'storegraph-open-gateway-'));
  run = oneProcess();
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const address = server.address();
  origin = `http://localhost:${typeof address === 'object' && address ? address.port : 0}`;
});
afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await rm(folder, { recursive: true, force: true });
});

describe('an open gateway', () => {
  let command: RunningCommand;
  let url: string;
  beforeAll(async () => {
    const composed = supergraph((name) => `${origin}/library/${name}`);
    command = storegraph(open(await file('library.graphql', composed)));
    url = (await command.printed(/Ready on (\S+)/))[1] ?? '';
  });

  async function ask(query: string, headers: Record<string, string> = {}): Promise<unknown> {
    const answer = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ query }),
    });
    expect(answer.status).toBe(200);
    return answer.json();
  }

  const books = {
    data: {
      books: [
        { title: 'Emma', copies: 10 },
        { title: 'Persuasion', copies: 20 },
      ],
    },
  };

  it('answers from the subgraphs of any supergraph, at the paths that it names, and signs nothing', async () => {
    calls.length = 0;
    expect(await ask('{ books { title copies } }')).toEqual(books);
    expect(calls.map((call) => call.url)).toEqual(['/library/books', '/library/lending']);
    expect(calls.map((call) => call.headers.authorization)).toEqual([undefined, undefined]);
  });

  it('does not look at credentials, and passes none on', async () => {
    calls.length = 0;
    const presented = { authorization: 'Bearer of.no.meaning', 'x-storegraph-store': 'nowhere' };
    expect(await ask('{ books { title copies } }', presented)).toEqual(books);
    expect(calls.map((call) => call.headers.authorization)).toEqual([undefined, undefined]);
  });

  it('shows its schema', async () => {
    expect(await ask('{ __schema { queryType { fields { name } } } }')).toEqual({
      data: { __schema: { queryType: { fields: [{ name: 'books' }] } } },
    });
  });

  it('is ready, and sees which subgraphs answer', async () => {
    const answer = await fetch(`${url}/health/ready`);
    expect([answer.status, await answer.json()]).toEqual([200, { ready: true, subgraphs: { books: 'up', lending: 'up' } }]);
  });

  it('refuses a port that is taken', async () => {
    const end = await storegraph(open(join(folder, 'library.graphql'), new URL(url).port)).ended;
    expect(end).toMatchObject({ code: 1, stdout: '' });
    expect(end.stderr).toMatch(/^storegraph: Port \d+ on 127\.0\.0\.1 is taken\..*\n$/);
  });

  it('ends when it is told to', async () => {
    process.kill(command.pid, 'SIGINT');
    expect(await command.ended).toMatchObject({ code: 0, signal: null, stderr: '' });
  });
});

describe('what an open gateway can not serve is one line that says so', () => {
  it('a supergraph that lacks a type', async () => {
    const broken = supergraph(() => origin).replace('[Book!]!', '[Volume!]!');
    const end = await run(open(await file('broken.graphql', broken)));
    expect(end).toMatchObject({ code: 1, stdout: '', stderr: 'storegraph: The supergraph can not be used: Unknown type Volume\n' });
  });

  it('the settings of a deployment, whose gateway must not be open', async () => {
    const settings = { STOREGRAPH_HOP_PRIVATE_KEY: '-----BEGIN PRIVATE KEY-----' };
    const end = await run(open(join(folder, 'library.graphql')), settings);
    expect([end.code, end.stderr]).toEqual([1, expect.stringMatching(/^storegraph: STOREGRAPH_HOP_PRIVATE_KEY is set: .*\n$/)]);
  });
});

it('without --open, a supergraph alone opens nothing', async () => {
  const end = await run(['gateway', '--supergraph', join(folder, 'library.graphql')]);
  expect([end.code, end.stderr]).toEqual([1, expect.stringMatching(/^storegraph: The gateway needs STOREGRAPH_SUBGRAPH_URLS.*\n$/)]);
});
