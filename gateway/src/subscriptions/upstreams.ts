import type { Logger } from '@storegraph/core';
import { createUpstream, type Listener, type Upstream, type UpstreamSource } from './upstream.ts';
import type { SubscriptionMetrics } from './metrics.ts';

export interface Upstreams {
  /**
   * Listens to what `open` gives, which is called only where nobody listens to the same yet. `key`: equal for those whose answers are equal. Null where
   * each must have its own. Gives the function that leaves.
   */
  join(key: string | null, open: () => UpstreamSource, listener: Listener): () => void;
}

/** Each different subscription is one at its subgraph, and its answers are made once, however many clients listen. It ends when the last one leaves. */
export function createUpstreams({
  answersAtOnce,
  metrics,
  log,
}: {
  answersAtOnce: number;
  metrics: SubscriptionMetrics;
  log: Logger;
}): Upstreams {
  const shared = new Map<string, Upstream>();

  function opened(key: string | null, source: UpstreamSource): Upstream {
    metrics.upstreams.inc();
    const upstream = createUpstream(source, {
      answersAtOnce,
      log,
      onEnd: () => {
        metrics.upstreams.dec();
        if (key !== null && shared.get(key) === upstream) shared.delete(key);
      },
    });
    if (key !== null) shared.set(key, upstream);
    return upstream;
  }

  return {
    join: (key, open, listener) => ((key === null ? undefined : shared.get(key)) ?? opened(key, open())).join(listener),
  };
}
