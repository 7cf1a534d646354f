export interface Watch {
  readonly signal: AbortSignal;
  /** Settles when the signal aborts, and never otherwise. */
  readonly aborted: Promise<'aborted'>;
  /** The answer is there: nothing needs to be watched any more. */
  done(): void;
}

/** A signal for one request that aborts when its caller is gone, its deadline passes, or the process can wait no longer. */
export function watchDeadline(request: { deadline?: number; signal?: AbortSignal }, closing: AbortSignal): Watch {
  const controller = new AbortController();
  const { promise: aborted, resolve } = Promise.withResolvers<'aborted'>();
  const abort = () => {
    controller.abort();
    resolve('aborted');
  };
  const sources = request.signal ? [request.signal, closing] : [closing];
  const left = request.deadline === undefined ? undefined : request.deadline - Date.now();
  const timer = left === undefined || left <= 0 ? undefined : setTimeout(abort, left);
  for (const source of sources) source.addEventListener('abort', abort);
  if ((left !== undefined && left <= 0) || sources.some((source) => source.aborted)) abort();

  return {
    signal: controller.signal,
    aborted,
    done: () => {
      clearTimeout(timer);
      for (const source of sources) source.removeEventListener('abort', abort);
    },
  };
}
