import type { Watch } from '../execution/contract.ts';
import { tracingWatch } from '../tracing.ts';
import type { Explanation } from './explanation.ts';

/** Who looks on while an operation is executed: the explanation that was asked for, and tracing. Mostly nobody. */
export function watchFor(explanation: Explanation | undefined): Watch | undefined {
  const spans = tracingWatch();
  if (!spans || !explanation) return spans ?? explanation?.watch;
  const { watch } = explanation;
  return { node: spans.node, fetch: (fetch, run) => watch.fetch(fetch, () => spans.fetch(fetch, run)) };
}
