import { composeServices } from '@apollo/composition';
import { parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { readSupergraph, subgraphUrls } from './supergraph-file.ts';

function supergraph(urls: Readonly<Record<string, string>>): string {
  const typeDefs = parse(
    'extend schema @link(url: "https://specs.apollo.dev/federation/v2.5", import: ["@shareable"]) type Query { a: Int @shareable }',
  );
  const { supergraphSdl } = composeServices(Object.entries(urls).map(([name, url]) => ({ name, url, typeDefs })));
  if (!supergraphSdl) throw new Error('It does not compose.');
  return supergraphSdl;
}

describe('subgraphUrls', () => {
  it('gives each subgraph its address, whole, by the name that it was composed with', () => {
    const urls = subgraphUrls(
      supergraph({ 'in-stock': 'https://stock.example/v2/graphql?key=1', reviews: 'http://127.0.0.1:4001/suite/reviews' }),
    );
    expect(Object.entries(urls).map(([name, url]) => [name, url.href])).toEqual([
      ['in-stock', 'https://stock.example/v2/graphql?key=1'],
      ['reviews', 'http://127.0.0.1:4001/suite/reviews'],
    ]);
  });

  it.each([
    ['a text that is not GraphQL', 'type {', 'The supergraph is not GraphQL: Syntax Error: Expected Name, found "{".'],
    ['a schema that is no supergraph', 'type Query { a: Int }', 'The supergraph names no subgraph.'],
    ['a subgraph without an address', supergraph({ a: 'http://a', b: '' }), 'The supergraph has no address of the subgraph "b".'],
    ['an address of another kind', supergraph({ a: 'storegraph://a' }), 'The supergraph has no address of the subgraph "a".'],
  ])('refuses %s', (_what, sdl, message) => {
    expect(() => subgraphUrls(sdl)).toThrow(expect.objectContaining({ name: 'OperatorError', message }));
  });
});

it('readSupergraph says which file is not there', async () => {
  await expect(readSupergraph('/nowhere/supergraph.graphql')).rejects.toMatchObject({
    name: 'OperatorError',
    message: 'There is no file /nowhere/supergraph.graphql.',
  });
});
