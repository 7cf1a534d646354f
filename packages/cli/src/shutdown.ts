import { setTimeout as sleep } from 'node:timers/promises';
import { print } from './output.ts';

/** How long an orderly end may take before the process ends all the same. */
const limitMs = 9_000;

/**
 * Runs what `start` starts until this process is told to stop, which may be while it is still starting, and then closes what was deferred, the
 * last first. Gives the exit code: 0, or 1 where closing took too long. Throws what `start` throws, when everything is closed.
 */
export async function runUntilStopped(start: (closing: AsyncDisposableStack, stopping: AbortSignal) => Promise<void>): Promise<number> {
  const stopping = stopSignal();
  const stopped = new Promise<void>((resolve) => {
    if (stopping.aborted) resolve();
    stopping.addEventListener('abort', () => resolve(), { once: true });
  });
  const closed = async (): Promise<number> => {
    await using closing = new AsyncDisposableStack();
    try {
      await start(closing, stopping);
    } catch (error) {
      // Interrupted while starting: what failed, failed because of that.
      if (!stopping.aborted) throw error;
    }
    await stopped;
    // Its supervisor speaks for a process that has one.
    if (!process.send) print('Stopping.');
    return 0;
  };
  const late = stopped.then(() => sleep(limitMs, 1, { ref: false }));
  return Promise.race([closed(), late]);
}

/**
 * Aborts on Ctrl-C or a termination signal. A terminal sends Ctrl-C to the whole process group, so children and the shell's wrapper get it as
 * well; each closes what is its own.
 */
function stopSignal(): AbortSignal {
  const controller = new AbortController();
  const stop = () => controller.abort();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop);
  // A supervisor that has died can not send a signal; its channel closes instead.
  process.on('disconnect', stop);
  if (process.send && !process.connected) stop();
  return controller.signal;
}
