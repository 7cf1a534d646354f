import type { Dispatcher } from 'undici';
import { HopFailed } from './transport.ts';

export interface PostedAnswer {
  readonly status: number;
  /** Empty unless the status is 200. */
  readonly text: string;
}

interface Posted {
  readonly path: string;
  readonly headers: Record<string, string>;
  readonly body: string;
  readonly signal: AbortSignal | undefined;
}

/**
 * POSTs a text and gives the whole answer, by undici's own callbacks: no stream is made for an answer that is read to its end anyway. Throws HopFailed
 * TOO_LARGE for an answer of more bytes than `limit`, which is not read on, and what `signal` was aborted for.
 */
export function post(dispatcher: Dispatcher, { path, headers, body, signal }: Posted, limit: number): Promise<PostedAnswer> {
  return new Promise((resolve, reject) => {
    let running: Dispatcher.DispatchController | undefined;
    let ended = false;
    let status = 0;
    let size = 0;
    const chunks: Buffer[] = [];

    const end = (settle: () => void) => {
      if (ended) return;
      ended = true;
      signal?.removeEventListener('abort', giveUp);
      settle();
    };
    const fail = (cause: unknown) => {
      const error = cause instanceof Error ? cause : new Error('The call was given up.', { cause });
      end(() => reject(error));
      // The connection is given up: reading on would only fill memory.
      running?.abort(error);
    };
    const giveUp = () => fail(signal?.reason);
    const tooLarge = () => fail(new HopFailed('TOO_LARGE'));

    if (signal?.aborted) {
      giveUp();
      return;
    }
    signal?.addEventListener('abort', giveUp, { once: true });
    dispatcher.dispatch(
      { method: 'POST', path, headers, body },
      {
        onRequestStart(controller) {
          if (ended) controller.abort(new Error('Nobody waits for it any more.'));
          else running = controller;
        },
        onResponseStart(_, statusCode, { 'content-length': length }) {
          status = statusCode;
          if (Number(length ?? 0) > limit) tooLarge();
        },
        onResponseData(_, chunk) {
          if (ended) return;
          size += chunk.length;
          if (size > limit) tooLarge();
          else if (status === 200) chunks.push(chunk);
        },
        onResponseEnd: () => end(() => resolve({ status, text: textOf(chunks, size) })),
        onResponseError: (_, error) => fail(error),
      },
    );
  });
}

const textOf = (chunks: readonly Buffer[], size: number): string => {
  const [first] = chunks;
  return first && chunks.length === 1 ? first.toString('utf8') : Buffer.concat(chunks, chunks.length === 0 ? 0 : size).toString('utf8');
};
