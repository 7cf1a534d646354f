import type { LogFields, Logger } from '@storegraph/core';
import { internalMessage, isErrorCode } from '../../errors.ts';
import { logFew } from '../../log-few.ts';
import type { FetchError } from '../contract.ts';
import { isObject } from '../own.ts';

/** More of one answer's errors than this say nothing new. */
const maxErrors = 1_000;

interface Origin {
  readonly subgraph: string;
  readonly requestId: string;
  readonly log: Logger;
}

/** What a client may see of the errors of a subgraph's own: with one of our codes their messages, else nothing but where they stand. The rest goes to the log. */
export function shownErrors(errors: readonly unknown[], { subgraph, requestId, log }: Origin): FetchError[] {
  const hidden: LogFields[] = [];
  const shown = errors.slice(0, maxErrors).map((error) => shownError(error, hidden));
  logFew(log, { subgraph, requestId }, hidden, 'a subgraph answered with an error of no known code');
  return shown;
}

function shownError(error: unknown, hidden: LogFields[]): FetchError {
  const { message, path, extensions } = isObject(error) ? error : {};
  const at = isPath(path) ? { path } : {};
  const code = isObject(extensions) ? extensions['code'] : undefined;
  if (isErrorCode(code) && code !== 'INTERNAL' && typeof message === 'string') return { message, ...at, extensions: { code } };
  if (code !== 'INTERNAL') hidden.push(typeof code === 'string' ? { code } : {});
  return { message: internalMessage, ...at, extensions: { code: 'INTERNAL' } };
}

const isPath = (path: unknown): path is (string | number)[] =>
  Array.isArray(path) && path.every((key) => typeof key === 'string' || typeof key === 'number');
