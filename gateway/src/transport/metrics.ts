import { Gauge, type Registry } from 'prom-client';
import type { BreakerState, SubgraphTransport } from './transport.ts';

const values: Readonly<Record<BreakerState, number>> = { closed: 0, 'half-open': 1, open: 2 };

/** Shows which subgraphs are left alone because they failed again and again. */
export function watchBreakers(registry: Registry, transports: Readonly<Record<string, SubgraphTransport>>): void {
  // Registers itself.
  void new Gauge({
    name: 'storegraph_gateway_breaker',
    help: 'Whether calls to a subgraph go through (0), one is let through to try (1), or they fail at once (2).',
    labelNames: ['subgraph'],
    registers: [registry],
    collect() {
      for (const [subgraph, { breaker }] of Object.entries(transports)) if (breaker) this.set({ subgraph }, values[breaker()]);
    },
  });
}
