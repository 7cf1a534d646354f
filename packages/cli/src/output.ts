import { OperatorError } from '@storegraph/core';

export const print = (text: string) => void process.stdout.write(`${text}\n`);

/** One clear line for what the operator can mend; for anything else the error itself, since it is a defect of ours. */
export function printFailure(error: unknown): void {
  const text =
    error instanceof OperatorError
      ? [error.message, error.hint].filter((part) => part !== null).join(' ')
      : `Unexpected: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
  process.stderr.write(`storegraph: ${text}\n`);
}
