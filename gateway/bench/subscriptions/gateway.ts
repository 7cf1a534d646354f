import { readFile } from 'node:fs/promises';
import { createLogger } from '@storegraph/core';
import { httpTransport, startGateway } from '../../src/index.ts';
import { sayMemory } from './memory.ts';

// A process of its own: our gateway as production has it, before the subgraph of topics, for a thousand clients of one address.

const [, , file = '', subgraphUrl = ''] = process.argv;
sayMemory();
const gateway = await startGateway({
  supergraphSdl: await readFile(file, 'utf8'),
  transports: { topics: httpTransport({ name: 'topics', url: subgraphUrl, signer: null }) },
  exchangers: 'nobody',
  host: '127.0.0.1',
  port: 0,
  subscriptions: { connectionsPerAddress: 10_000 },
  log: createLogger({ level: 'warn' }),
});
process.send?.({ url: gateway.url });
process.on('disconnect', () => process.exit());
