import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { childEnvironment, OperatorError, type Logger } from '@storegraph/core';
import { heapFlags } from './heap-flags.ts';

export interface Supervised {
  readonly name: string;
  /** Where it answers. It keeps its port when it is started again. Rejects when it ends before it was ready for the first time. */
  readonly ready: Promise<string>;
  /** The id of the process that runs now. */
  pid(): number | undefined;
  /** Asks it to end, and after that many milliseconds ends it. */
  stop(patienceMs: number): Promise<void>;
}

interface ProcessOptions {
  readonly name: string;
  readonly args: readonly string[];
  readonly port: number;
  readonly settings: Readonly<Record<string, string>>;
  /** From then on a process that ends is not started again: Ctrl-C in a terminal reaches all of them at once. */
  readonly ending: AbortSignal;
  readonly log: Logger;
}

const main = fileURLToPath(new URL('./main.ts', import.meta.url));
const firstPauseMs = 100;
const longestPauseMs = 5_000;
/** One that has run for so long is not failing again and again. */
const settledAfterMs = 10_000;

/** Starts one process of ours, and starts it again whenever it ends by itself. */
export function supervise({ name, args, port, settings, ending, log }: ProcessOptions): Supervised {
  let pause = firstPauseMs;
  let known: string | undefined;

  const start = (): ChildProcess => {
    const at = known === undefined ? port : Number(new URL(known).port);
    const started = Date.now();
    const process = fork(main, [...args, '--port', String(at)], {
      env: childEnvironment(settings),
      execArgv: heapFlags(),
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    process.once('exit', (code, signal) => {
      if (ending.aborted || known === undefined) return;
      log.warn({ domain: name, status: code ?? undefined, code: signal ?? undefined }, 'A process ended and is started again.');
      if (Date.now() - started > settledAfterMs) pause = firstPauseMs;
      setTimeout(() => {
        if (!ending.aborted) child = start();
      }, pause);
      pause = Math.min(pause * 2, longestPauseMs);
    });
    return process;
  };

  let child = start();
  const ready = firstAddress(name, child).then((url) => (known = url));
  return {
    name,
    ready,
    pid: () => child.pid,
    stop: async (patienceMs) => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const exited = once(child, 'exit');
      child.kill('SIGTERM');
      const impatient = setTimeout(() => child.kill('SIGKILL'), patienceMs);
      await exited;
      clearTimeout(impatient);
    },
  };
}

async function firstAddress(name: string, child: ChildProcess): Promise<string> {
  const ready = once(child, 'message').then(([message]: unknown[]) => message);
  const ended = once(child, 'exit').then(() => null);
  const message = await Promise.race([ready, ended]);
  if (typeof message === 'object' && message !== null && 'url' in message && typeof message.url === 'string') return message.url;
  throw new OperatorError(`The process "${name}" ended before it was ready.`, 'It said why above.');
}
