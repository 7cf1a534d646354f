import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { CacheEvent, PlanningOutcome } from './execution/contract.ts';

const seconds = [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 5];

export interface Metrics {
  readonly registry: Registry;
  /** Starts the clock of one GraphQL request; the function that it gives stops it. */
  request(): (status: number) => void;
  error(code: string): void;
  /** Starts the clock of one call to a subgraph; the function that it gives stops it, with its outcome. */
  fetch(subgraph: string): (outcome: string) => void;
  /** Starts the clock of one operation that has to be planned, with its wait; the function that it gives stops it. */
  planning(): (outcome: PlanningOutcome) => void;
  /** Counts what becomes of an operation that is asked for, and of the plans that are kept. */
  plans(event: CacheEvent): void;
  /** From where to read how many plans are kept. */
  plansKept(count: () => number): void;
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
  const plans = new Histogram({
    name: 'storegraph_gateway_planning_seconds',
    help: 'Operations that were new and had to be planned, and how long that took with the wait for it.',
    labelNames: ['outcome'],
    buckets: seconds,
    registers,
  });
  const cached = new Counter({
    name: 'storegraph_gateway_plan_cache_total',
    help: 'Operations whose plan was kept (hit) or had to be made or waited for (miss), and plans that made room for others (evicted).',
    labelNames: ['event'],
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
    planning: () => {
      const end = plans.startTimer();
      return (outcome) => void end({ outcome });
    },
    plans: (event) => cached.inc({ event }),
    plansKept: (count) =>
      void new Gauge({
        name: 'storegraph_gateway_plans',
        help: 'Plans that are kept.',
        registers,
        collect() {
          this.set(count());
        },
      }),
    exchange: (outcome) => exchanges.inc({ outcome }),
  };
}
