import type { Logger } from '@storegraph/core';
import { internalMessage, isErrorCode } from '../../errors.ts';
import type { FetchError } from '../contract.ts';
import { isObject } from '../own.ts';

interface Origin {
  readonly subgraph: string;
  readonly requestId: string;
  readonly log: Logger;
}

/** What a client may see of an error of a subgraph's own: with one of our codes its message, else nothing but where it stands. The rest goes to the log. */
export function shownError(error: unknown, { subgraph, requestId, log }: Origin): FetchError {
  const { message, path, extensions } = isObject(error) ? error : {};
  const at = isPath(path) ? { path } : {};
  const code = isObject(extensions) ? extensions['code'] : undefined;
  if (isErrorCode(code) && code !== 'INTERNAL' && typeof message === 'string') return { message, ...at, extensions: { code } };
  if (code !== 'INTERNAL') {
    const said = typeof code === 'string' ? { code } : {};
    log.error({ subgraph, requestId, ...said }, 'a subgraph answered with an error of no known code');
  }
  return { message: internalMessage, ...at, extensions: { code: 'INTERNAL' } };
}

const isPath = (path: unknown): path is (string | number)[] =>
  Array.isArray(path) && path.every((key) => typeof key === 'string' || typeof key === 'number');
