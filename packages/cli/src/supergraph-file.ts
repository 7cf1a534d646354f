import { readFile } from 'node:fs/promises';
import { OperatorError } from '@storegraph/core';
import { GraphQLError, Kind, parse, type ConstDirectiveNode, type DocumentNode } from 'graphql';

/** The text of a supergraph. Throws an OperatorError when the file can't be read. */
export async function readSupergraph(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
    throw new OperatorError(
      code === 'ENOENT' ? `There is no file ${file}.` : `The file ${file} can not be read (${String(code)}).`,
      'Give the supergraph that composition wrote.',
      { cause },
    );
  }
}

/**
 * Where each subgraph of a federation 2 supergraph answers, by its name: what composition wrote beside the values of `join__Graph`
 * (https://specs.apollo.dev/join/v0.3/#@graph). Throws an OperatorError for what is no supergraph, or has a subgraph without an address.
 */
export function subgraphUrls(supergraphSdl: string): Readonly<Record<string, URL>> {
  const graphs = parsed(supergraphSdl).definitions.find(
    (node) => node.kind === Kind.ENUM_TYPE_DEFINITION && node.name.value === 'join__Graph',
  );
  const values = graphs?.kind === Kind.ENUM_TYPE_DEFINITION ? (graphs.values ?? []) : [];
  const urls = values.flatMap(({ directives = [] }) => directives.filter((each) => each.name.value === 'join__graph').map(address));
  if (urls.length === 0)
    throw new OperatorError('The supergraph names no subgraph.', 'Give one of federation 2, as composition writes it.');
  return Object.fromEntries(urls);
}

function address(graph: ConstDirectiveNode): [name: string, url: URL] {
  const text = (argument: string) => {
    const value = graph.arguments?.find(({ name }) => name.value === argument)?.value;
    return value?.kind === Kind.STRING ? value.value : '';
  };
  const [name, url] = [text('name'), text('url')];
  if (!URL.canParse(url) || !/^https?:/.test(url))
    throw new OperatorError(
      `The supergraph has no address of the subgraph "${name}".`,
      'Compose it with an http or https address for each.',
    );
  return [name, new URL(url)];
}

function parsed(supergraphSdl: string): DocumentNode {
  try {
    return parse(supergraphSdl, { noLocation: true });
  } catch (error) {
    if (error instanceof GraphQLError) throw new OperatorError(`The supergraph is not GraphQL: ${error.message}`, null, { cause: error });
    throw error;
  }
}
