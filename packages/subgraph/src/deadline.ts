import type { InFlight } from './in-flight.ts';

export interface Watch {
  readonly signal: AbortSignal;
  /** Settles when the signal aborts, and never otherwise. */
  readonly aborted: Promise<'aborted'>;
  /** The answer is there: nothing needs to be watched any more. */
  done(): void;
}

/** A signal for one request that aborts when its caller is gone, its deadline passes, or the process can wait no longer (see `InFlight`). */
export function watchDeadline(request: { deadline?: number; signal?: AbortSignal }, onGivenUp: InFlight['onGivenUp']): Watch {
  const controller = new AbortController();
  const { promise: aborted, resolve } = Promise.withResolvers<'aborted'>();
  const abort = () => {
    controller.abort();
    resolve('aborted');
  };
  const left = request.deadline === undefined ? undefined : request.deadline - Date.now();
  const timer = left === undefined || left <= 0 ? undefined : setTimeout(abort, left);
  request.signal?.addEventListener('abort', abort);
  const stay = onGivenUp(abort);
  if ((left !== undefined && left <= 0) || request.signal?.aborted) abort();

  return {
    signal: controller.signal,
    aborted,
    done: () => {
      clearTimeout(timer);
      request.signal?.removeEventListener('abort', abort);
      stay();
    },
  };
}
