import { HopFailed } from '../transport/transport.ts';

/**
 * Gives `call` this many milliseconds. It gets a signal that is aborted at the end of them, and its answer is not waited for any longer, whether it
 * heeds the signal or not. Throws HopFailed with code DEADLINE.
 */
export async function withDeadline<T>(milliseconds: number, call: (signal: AbortSignal, deadline: number) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      const failure = new HopFailed('DEADLINE');
      reject(failure);
      controller.abort(failure);
    }, milliseconds);
  });
  try {
    const answer = call(controller.signal, Date.now() + milliseconds);
    // After the deadline nobody listens to the call any more: its failure must not count as unhandled.
    answer.catch(() => undefined);
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
}
