import { memoryUsage } from 'node:process';
import { inMilliseconds, type Measurement } from './measure.ts';
import { onStage } from './stage.ts';

/** How long an empty folder takes to become an answering graph, and how much memory the process holds then. Reported, with no aim. */
export function benchStartup(): Promise<Measurement[]> {
  const start = performance.now();
  return onStage(async ({ owner }) => {
    await owner.run('{ store { slug } }');
    const reported = { reference: '', ratio: null, aim: null };
    return [
      { name: 'an empty folder to an answering graph with a demo store', ours: inMilliseconds(performance.now() - start), ...reported },
      { name: 'resident memory of that process', ours: `${Math.round(memoryUsage.rss() / 2 ** 20)} MiB`, ...reported },
    ];
  });
}
