import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** What a process holds after everything that nobody needs was collected, in bytes. */
export interface Memory {
  /** Of objects, and of buffers outside the heap. */
  readonly objects: number;
  /** What the system gave it. */
  readonly resident: number;
}

/** Has this process say over IPC what it holds, when it is asked for `memory`. */
export function sayMemory(): void {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  process.on('message', (message) => {
    if (message !== 'memory') return;
    // What one collection finds to be over, such as closed sockets, lets the next collect more.
    for (let time = 0; time < 3; time += 1) collect();
    const { heapUsed, external, rss } = process.memoryUsage();
    process.send?.({ objects: heapUsed + external, resident: rss } satisfies Memory);
  });
}
