import { startGateway, type GatewayOptions } from '@storegraph/gateway';

/** Nobody waits at the other end, and the first requests of a cold process are slow. */
const deadlineMs = 30_000;

/** Lets `work` ask the graph before its gateway opens, through one that only this machine knows the port of. */
export async function askBeforeOpening(
  graph: Pick<GatewayOptions, 'supergraphSdl' | 'transports' | 'exchangers' | 'log'>,
  work: (endpoint: string) => Promise<void>,
): Promise<void> {
  // Nobody asks anything hostile, and no thread has to be started for what is planned.
  const limits = { planningMs: Number.POSITIVE_INFINITY };
  const gateway = await startGateway({ ...graph, host: '127.0.0.1', port: 0, deadlineMs, limits });
  try {
    await work(`${gateway.url}/graphql`);
  } finally {
    await gateway.close();
  }
}
