import { pino, type DestinationStream } from 'pino';

/**
 * What a log line may carry. An allow-list: anything else that is passed is dropped, so a password or a customer's words can not slip in
 * with an object that somebody logs whole.
 */
export interface LogFields {
  requestId?: string;
  operation?: string;
  subgraph?: string;
  domain?: string;
  kind?: string;
  storeId?: string | null;
  subjectId?: string | null;
  consumer?: string;
  event?: string;
  eventId?: string;
  job?: string;
  jobId?: string;
  code?: string;
  status?: number;
  method?: string;
  path?: string;
  attempt?: number;
  count?: number;
  port?: number;
  pid?: number;
  url?: string;
  milliseconds?: number;
  /** Only the name, code, and place of an error are kept: its message can quote a query's values. */
  error?: unknown;
}

export interface Logger {
  debug(fields: LogFields, message: string): void;
  info(fields: LogFields, message: string): void;
  warn(fields: LogFields, message: string): void;
  error(fields: LogFields, message: string): void;
  child(fields: LogFields): Logger;
}

export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent';

const allowed: ReadonlySet<string> = new Set<keyof LogFields>([
  'requestId',
  'operation',
  'subgraph',
  'domain',
  'kind',
  'storeId',
  'subjectId',
  'consumer',
  'event',
  'eventId',
  'job',
  'jobId',
  'code',
  'status',
  'method',
  'path',
  'attempt',
  'count',
  'port',
  'pid',
  'url',
  'milliseconds',
]);

/** A JSON logger on standard output, or on `stream`. */
export function createLogger({ level = 'info', stream }: { level?: LogLevel; stream?: DestinationStream } = {}): Logger {
  const options = { level, base: { pid: process.pid }, timestamp: pino.stdTimeFunctions.isoTime };
  return wrap(stream ? pino(options, stream) : pino(options));
}

export const silentLogger: Logger = createLogger({ level: 'silent' });

function wrap(inner: pino.Logger): Logger {
  return {
    debug: (fields, message) => inner.debug(clean(fields), message),
    info: (fields, message) => inner.info(clean(fields), message),
    warn: (fields, message) => inner.warn(clean(fields), message),
    error: (fields, message) => inner.error(clean(fields), message),
    child: (fields) => wrap(inner.child(clean(fields))),
  };
}

function clean(fields: LogFields): Record<string, unknown> {
  const kept: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(fields)) {
    if (allowed.has(key)) kept[key] = key === 'path' || key === 'url' ? withoutQuery(String(value)) : value;
  }
  if (fields.error !== undefined) kept['error'] = describeError(fields.error);
  return kept;
}

/** Query strings carry signed links and tokens; user information carries passwords. */
const withoutQuery = (text: string) => text.replace(/[?#].*$/s, '').replace(/\/\/[^/@]*@/, '//');

function describeError(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { name: typeof error };
  const code = 'code' in error && typeof error.code === 'string' ? { code: error.code } : {};
  const constraint = 'constraint_name' in error && typeof error.constraint_name === 'string' ? { constraint: error.constraint_name } : {};
  // The first line of a stack is the message; the frames below it are our own places.
  const at = error.stack
    ?.split('\n')
    .filter((line) => /^\s+at /.test(line))
    .slice(0, 8)
    .map((line) => line.trim());
  const cause = error.cause === undefined ? {} : { cause: describeError(error.cause) };
  return { name: error.name, ...code, ...constraint, at, ...cause };
}
