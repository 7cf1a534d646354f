import { execFile, spawn } from 'node:child_process';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { childEnvironment } from '@storegraph/core';
import { atEnd } from '@storegraph/testing';

const main = fileURLToPath(new URL('../src/main.ts', import.meta.url));

export interface End {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunningCommand {
  /** The id of the process and of its process group. */
  readonly pid: number;
  stdout(): string;
  stderr(): string;
  /** The first match in what it has printed; fails when it ends without. */
  printed(pattern: RegExp): Promise<RegExpExecArray>;
  readonly ended: Promise<End>;
}

/** Runs the real command, as the leader of a process group of its own, with only those settings. */
export function storegraph(args: readonly string[], settings: Readonly<Record<string, string>> = {}): RunningCommand {
  const child = spawn(process.execPath, [main, ...args], {
    env: childEnvironment({ NODE_ENV: 'development', ...settings }),
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const pid = child.pid ?? 0;
  // After a test that failed.
  atEnd(() => Promise.resolve(child.exitCode ?? child.signalCode ?? killGroup(pid, 'SIGKILL')).then(() => undefined));
  const text = { stdout: '', stderr: '' };
  const watchers = new Set<() => void>();
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (chunk: string) => {
      text[name] += chunk;
      for (const watch of watchers) watch();
    });
  }
  // 'exit' and not 'close': a child that lives on would keep the pipes open.
  const ended = new Promise<End>((resolve) => {
    child.once('exit', (code, signal) => setImmediate(() => resolve({ code, signal, ...text })));
  });
  return {
    pid,
    ended,
    stdout: () => text.stdout,
    stderr: () => text.stderr,
    printed: (pattern) =>
      new Promise((resolve, reject) => {
        const watch = () => {
          const match = pattern.exec(text.stdout);
          if (match) resolve(match);
        };
        watchers.add(watch);
        watch();
        void ended.then(() => reject(new Error(`It ended without printing ${pattern.source}:\n${text.stdout}\n${text.stderr}`)));
      }),
  };
}

/** The address that `start` prints when everything runs. */
export async function addressOf(command: RunningCommand): Promise<string> {
  await command.printed(/Ctrl-C stops everything|Health {5}\S+\n/);
  return (await command.printed(/GraphQL {4}(\S+)\/graphql/))[1] ?? '';
}

export function killGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch {
    // The whole group has ended.
  }
}

/** What runs of a process group, or with one of these texts in its command line: `id command`. */
export async function processesOf(...marks: readonly (number | string)[]): Promise<string[]> {
  const { stdout } = await promisify(execFile)('ps', ['-eo', 'pid=,pgid=,stat=,args='], { maxBuffer: 1 << 24 });
  return stdout.split('\n').flatMap((line) => {
    const [, pid = '', group = '', state = 'Z', command = ''] = /^ *(\d+) +(\d+) +(\S+) +(.*)$/.exec(line) ?? [];
    const ours = marks.some((mark) => (typeof mark === 'number' ? Number(group) === mark : command.includes(mark)));
    return ours && !state.startsWith('Z') ? [`${pid} ${command}`] : [];
  });
}

/** A folder that does not exist yet, which root's PostgreSQL (it runs as another user) can reach; removed at the end. */
export async function emptyFolder(): Promise<string> {
  const parent = await mkdtemp(join(tmpdir(), 'storegraph-start-'));
  await chmod(parent, 0o755);
  atEnd(async () => {
    // After a test that failed, the servers of killed processes.
    for (const line of await processesOf(parent)) process.kill(Number.parseInt(line, 10), 'SIGKILL');
    await rm(parent, { recursive: true, force: true });
  });
  return join(parent, 'data');
}
