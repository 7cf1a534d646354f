import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { open, readFile, rm } from 'node:fs/promises';
import { platform } from 'node:os';
import { join } from 'node:path';
import { OperatorError } from '@storegraph/core';

// Which process the data folder belongs to. A number alone is not enough: after a restart of the machine another process may have it.
const fileName = 'holder';

/** Takes the folder for this process. Throws an OperatorError while another one has it; what a killed one left behind is taken over. */
export async function takeFolder(dataDir: string): Promise<() => Promise<void>> {
  const path = join(dataDir, fileName);
  for (;;) {
    try {
      const file = await open(path, 'wx');
      await file.writeFile(`${process.pid} ${startOf(process.pid) ?? ''}\n`);
      await file.close();
      return () => rm(path, { force: true });
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
    }
    const holder = await holderOf(dataDir);
    if (holder !== null) {
      throw new OperatorError(`The data folder ${dataDir} is in use by process ${holder}.`, 'Stop that process, or choose another folder.');
    }
    await rm(path, { force: true });
  }
}

/** The process that has the folder, if it still lives. */
export async function holderOf(dataDir: string): Promise<number | null> {
  const text = await readFile(join(dataDir, fileName), 'utf8').catch(() => '');
  const [, pid = '', start] = /^(\d+) (.*)\n$/.exec(text) ?? [];
  return pid !== '' && startOf(Number(pid)) === start ? Number(pid) : null;
}

/** What tells a process from a later one with the same number: when it started. Undefined when there is none. */
export function startOf(pid: number): string | undefined {
  try {
    // The 22nd field, counted from behind the command, which may hold anything. A zombie has ended.
    if (platform() === 'linux') {
      const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ');
      return fields?.[0] === 'Z' ? undefined : `${bootId()}/${fields?.[19]}`;
    }
    if (platform() !== 'win32') return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim();
    process.kill(pid, 0);
    return '';
  } catch {
    return undefined;
  }
}

const bootId = () => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();

/** The command line of a process, to know it by; undefined when there is no such process. */
export function commandOf(pid: number): string | undefined {
  try {
    if (platform() === 'linux') return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
    return execFileSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' }).trim();
  } catch {
    return undefined;
  }
}
