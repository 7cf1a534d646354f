import { readFile } from 'node:fs/promises';
import { ApolloGateway } from '@apollo/gateway';
import { ApolloServer } from '@apollo/server';
import { startStandaloneServer } from '@apollo/server/standalone';

// A process of its own: @apollo/gateway as its documentation starts it, with its own executor and data sources.

const [, , file = ''] = process.argv;
const supergraphSdl = await readFile(file, 'utf8');
const silent = () => undefined;
const logger = { debug: silent, info: silent, warn: console.warn, error: console.error };
const server = new ApolloServer({ gateway: new ApolloGateway({ supergraphSdl, logger }), logger, stopOnTerminationSignals: false });
const { url } = await startStandaloneServer(server, { listen: { host: '127.0.0.1', port: 0 } });
process.send?.({ url });
process.on('disconnect', () => process.exit());
