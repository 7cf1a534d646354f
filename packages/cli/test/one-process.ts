import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { childEnvironment } from '@storegraph/core';
import { atEnd } from '@storegraph/testing';
import type { End } from './command.ts';

/** What the process of `command-host.ts` is asked, one line of JSON each. */
export interface AskedCommand {
  readonly args: readonly string[];
  readonly environment: NodeJS.ProcessEnv;
}

/** Ends the answer on either output; on the standard output the exit code stands before it. */
export const endMark = '\0';

export type RunInOneProcess = (args: readonly string[], settings?: Readonly<Record<string, string>>) => Promise<Omit<End, 'signal'>>;

/**
 * Runs commands one after the other in one process, which loads the program once: for what does not depend on how a process begins and ends. Their
 * outputs and exit codes are those of the real program. For commands that end by themselves.
 */
export function oneProcess(): RunInOneProcess {
  const child = spawn(process.execPath, [fileURLToPath(new URL('./command-host.ts', import.meta.url))], { stdio: 'pipe' });
  atEnd(() => Promise.resolve(void child.kill('SIGKILL')));
  const text = { stdout: '', stderr: '' };
  const died = new Promise<never>((_resolve, reject) => child.once('exit', () => reject(new Error(`It died: ${text.stderr}`))));
  died.catch(() => undefined);
  let heard = () => {};
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (chunk: string) => {
      text[name] += chunk;
      heard();
    });
  }
  const ask: RunInOneProcess = async (args, settings = {}) => {
    text.stdout = text.stderr = '';
    const answered = new Promise<void>((resolve) => {
      heard = () => {
        if (text.stdout.endsWith(endMark) && text.stderr.endsWith(endMark)) resolve();
      };
    });
    const asked: AskedCommand = { args, environment: childEnvironment({ NODE_ENV: 'development', ...settings }) };
    child.stdin.write(`${JSON.stringify(asked)}\n`);
    await Promise.race([answered, died]);
    const [, stdout = '', code] = /^([^]*?)(\d+)\0$/.exec(text.stdout) ?? [];
    return { code: Number(code), stdout, stderr: text.stderr.slice(0, -1) };
  };
  let last: Promise<unknown> = Promise.resolve();
  return (...asked) => {
    const answer = last.then(() => ask(...asked));
    last = answer.catch(() => undefined);
    return answer;
  };
}
