import { collectDefaultMetrics, Counter, Histogram, Registry } from 'prom-client';

const seconds = [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 5];

export interface Metrics {
  readonly registry: Registry;
  /** Starts the clock of one GraphQL request; the function that it gives stops it. */
  request(): (status: number) => void;
  error(code: string): void;
  /** Starts the clock of one call to a subgraph; the function that it gives stops it, with its outcome. */
  fetch(subgraph: string): (outcome: string) => void;
  exchange(outcome: 'cached' | 'known' | 'unknown' | 'failed'): void;
}

/** Each gateway has its own registry, so that two in one process do not add up. No label holds what a client wrote. */
export function createMetrics(): Metrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  const requests = new Histogram({
    name: 'storegraph_gateway_request_seconds',
    help: 'GraphQL requests and how long they took.',
    labelNames: ['status'],
    buckets: seconds,
    registers,
  });
  const errors = new Counter({
    name: 'storegraph_gateway_errors_total',
    help: 'Errors in answers, by code.',
    labelNames: ['code'],
    registers,
  });
  const fetches = new Histogram({
    name: 'storegraph_gateway_fetch_seconds',
    help: 'Calls to subgraphs and how long they took.',
    labelNames: ['subgraph', 'outcome'],
    buckets: seconds,
    registers,
  });
  const exchanges = new Counter({
    name: 'storegraph_gateway_exchanges_total',
    help: 'Credentials turned into identities, by outcome.',
    labelNames: ['outcome'],
    registers,
  });
  return {
    registry,
    request: () => {
      const end = requests.startTimer();
      return (status) => void end({ status });
    },
    error: (code) => errors.inc({ code }),
    fetch: (subgraph) => {
      const end = fetches.startTimer({ subgraph });
      return (outcome) => void end({ outcome });
    },
    exchange: (outcome) => exchanges.inc({ outcome }),
  };
}
