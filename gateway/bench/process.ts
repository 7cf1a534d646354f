import { fork, type ChildProcess, type Serializable } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { childEnvironment } from '@storegraph/core';
import type { Usage } from './probe.ts';

/** A program and its arguments. It says `{ url }` over IPC when it answers, and ends when the channel closes. */
export interface Program {
  readonly file: string;
  readonly args: readonly string[];
  readonly settings?: Readonly<Record<string, string>>;
  /** What Node is told. */
  readonly flags?: readonly string[];
}

export interface Running extends AsyncDisposable {
  readonly url: string;
  usage(): Promise<Usage>;
  /** Says something to the program, and gives what it says next. One at a time. */
  ask<Answer>(message: Serializable): Promise<Answer>;
}

/** As production has them, whatever the environment of this process says. */
export const measuredSettings = {
  NODE_ENV: 'production',
  APOLLO_TELEMETRY_DISABLED: 'true',
  STOREGRAPH_LOG_LEVEL: 'warn',
  // A machine that is busy with something else must not turn into answers with errors.
  STOREGRAPH_DEADLINE_MS: '60000',
  // Counted as in production, and never used up.
  STOREGRAPH_COST_MAXIMUM: '1000000',
  STOREGRAPH_COST_RESTORE: '1000000',
} as const;

const probe = fileURLToPath(new URL('./probe.ts', import.meta.url));
const endsWithinMs = 5_000;

/** Starts a process as production would, and waits until it answers. Node's profiler writes to `profile`, a folder, when one is given. */
export async function run({ file, args, settings, flags = [] }: Program, profile?: string): Promise<Running> {
  const child = fork(file, args, {
    env: childEnvironment({ ...measuredSettings, ...settings }),
    execArgv: ['--import', probe, ...flags, ...(profile === undefined ? [] : ['--cpu-prof', '--cpu-prof-dir', profile])],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const { url } = await said<{ url: string }>(child);
  const ask = <Answer>(message: Serializable): Promise<Answer> => {
    const answer = said<Answer>(child);
    child.send(message);
    return answer;
  };
  return {
    url,
    usage: async () => (await ask<{ usage: Usage }>('usage')).usage,
    ask,
    [Symbol.asyncDispose]: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, 'exit');
      if (child.connected) child.disconnect();
      const impatient = setTimeout(() => child.kill('SIGKILL'), endsWithinMs);
      await ended;
      clearTimeout(impatient);
    },
  };
}

/** The next message of the process. */
async function said<Message>(child: ChildProcess): Promise<Message> {
  const ended = new AbortController();
  const exited = once(child, 'exit', { signal: ended.signal }).then(() =>
    Promise.reject(new Error(`${child.spawnfile} ended before it answered.`)),
  );
  exited.catch(() => undefined);
  const message = await Promise.race([once(child, 'message', { signal: ended.signal }), exited]);
  ended.abort();
  return (message as unknown[])[0] as Message;
}
