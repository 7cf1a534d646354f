import type { LogFields, Logger } from '@storegraph/core';

const few = 5;

/** Logs the first few of many errors that one answer brought, and in one more line, with what they have in common, the count of the others. */
export function logFew(log: Logger, common: LogFields, errors: readonly LogFields[], message: string): void {
  for (const fields of errors.slice(0, few)) log.error({ ...common, ...fields }, message);
  const count = errors.length - few;
  if (count > 0) log.error({ ...common, count }, `${message}, and more of the kind`);
}
