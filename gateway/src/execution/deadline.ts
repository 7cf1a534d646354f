import { HopFailed } from '../transport/transport.ts';

/**
 * Gives `call` this many milliseconds, or less where `until` is aborted before. It gets a signal that is aborted at the end of them, and its answer is not
 * waited for any longer, whether it heeds the signal or not. Throws HopFailed with code DEADLINE, or what `until` was aborted for.
 */
export function withDeadline<T>(
  milliseconds: number,
  call: (signal: AbortSignal, deadline: number) => Promise<T>,
  until?: AbortSignal,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const controller = new AbortController();
    const end = (reason: unknown) => {
      settle();
      reject(reason instanceof Error ? reason : new Error('The call was given up.', { cause: reason }));
      controller.abort(reason);
    };
    const abort = () => end(until?.reason);
    const called = async () => call(controller.signal, Date.now() + milliseconds);
    const timer = setTimeout(() => end(new HopFailed('DEADLINE')), milliseconds);
    const settle = () => {
      clearTimeout(timer);
      until?.removeEventListener('abort', abort);
    };
    until?.addEventListener('abort', abort, { once: true });
    if (until?.aborted) abort();
    else
      called().then(
        (value) => {
          settle();
          resolve(value);
        },
        (error: unknown) => {
          settle();
          reject(error instanceof Error ? error : new Error('The call failed.', { cause: error }));
        },
      );
  });
}
