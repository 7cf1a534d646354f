import { expect, it } from 'vitest';
import { createLogger } from './logger.ts';

function capture() {
  const lines: string[] = [];
  return { lines, log: createLogger({ level: 'debug', stream: { write: (line: string) => void lines.push(line) } }) };
}

it('drops every field that is not on the list, and the message of an error', () => {
  const { lines, log } = capture();
  const stray = { requestId: 'r1', password: 'canary-1' };
  log.error({ ...stray, error: new Error('insert failed: canary-2', { cause: new Error('canary-3') }) }, 'Failed.');
  log.child(stray).info({ path: '/x?token=canary-4', url: 'postgres://me:canary-5@host/db' }, 'Seen.');
  expect(lines).toHaveLength(2);
  expect(lines.join('')).not.toContain('canary');
  expect(lines[0]).toContain('"requestId":"r1"');
  expect(lines[0]).toContain('"name":"Error"');
  expect(lines[1]).toContain('"url":"postgres://host/db"');
});
