import { basename } from 'node:path';
import { constraintOf, sqlState } from './errors.ts';

/** What may be stored of an error: its name, code, constraint and place. Messages quote values, and a value may be somebody's. */
export function describeFailure(error: unknown): string {
  if (!(error instanceof Error)) return typeof error;
  const root = rootOf(error);
  return [root.name, sqlState(error), constraintOf(error), placeOf(error) ?? placeOf(root)].filter(Boolean).join(' ');
}

const rootOf = (error: Error): Error => (error.cause instanceof Error ? rootOf(error.cause) : error);

const frame = /^\s+at (?:(?:async )?(?<name>[^\s(]+) \()?(?:file:\/\/)?(?<file>[^()]+):(?<line>\d+):\d+\)?$/;

function placeOf({ stack = '' }: Error): string | undefined {
  for (const line of stack.split('\n')) {
    const { name, file, line: number } = frame.exec(line)?.groups ?? {};
    if (file === undefined || file.includes('node_modules') || file.startsWith('node:')) continue;
    return `at ${name ?? '(anonymous)'} (${basename(file)}:${number})`;
  }
  return undefined;
}
