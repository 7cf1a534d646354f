import { createHopSigner } from '@storegraph/auth';
import { silentLogger } from '@storegraph/core';
import { httpTransport, startGateway } from '../../src/index.ts';

interface Start {
  readonly supergraphSdl: string;
  readonly feedUrl: string;
  readonly privateKey: string;
  readonly port: number;
}

/** A gateway in a process of its own, before one live subgraph. It is told how to begin, says where it answers, and ends in order when it is told to. */
process.once('message', (message) => {
  void begin(message as Start);
});

async function begin({ supergraphSdl, feedUrl, privateKey, port }: Start): Promise<void> {
  const gateway = await startGateway({
    supergraphSdl,
    transports: { feed: httpTransport({ name: 'feed', url: feedUrl, signer: createHopSigner({ privateKey }) }) },
    exchangers: 'nobody',
    host: '127.0.0.1',
    port,
    subscriptions: { connectionsPerAddress: 2_000 },
    log: silentLogger,
  });
  process.once('message', () => {
    void gateway.close().then(() => process.disconnect());
  });
  process.send?.({ port: gateway.port });
}
