import { composeServices } from '@apollo/composition';
import { parse } from 'graphql';
import type { Subgraph } from './subgraph.ts';

const federation = 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.5", import: ["@key", "@external", "@requires"])';

/** Composes the subgraphs, each at the address that `urlOf` gives. */
export function composeShop(subgraphs: Readonly<Record<string, Pick<Subgraph, 'sdl'>>>, urlOf: (name: string) => string): string {
  const services = Object.entries(subgraphs).map(([name, { sdl }]) => ({ name, url: urlOf(name), typeDefs: parse(`${federation}${sdl}`) }));
  const { supergraphSdl, errors } = composeServices(services);
  if (!supergraphSdl) throw new Error(['The benchmark’s subgraphs do not compose.', ...(errors ?? [])].join('\n'));
  return supergraphSdl;
}
