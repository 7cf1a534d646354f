import { createInterface } from 'node:readline';
import '@storegraph/core/quick-imports';
import { runCommand } from '../src/program.ts';
import { endMark, type AskedCommand } from './one-process.ts';

// Each command that serves would add its own.
process.setMaxListeners(0);

for await (const line of createInterface({ input: process.stdin })) {
  const { args, environment } = JSON.parse(line) as AskedCommand;
  process.env = environment;
  const code = await runCommand(args);
  process.stdout.write(`${code}${endMark}`);
  process.stderr.write(endMark);
}
