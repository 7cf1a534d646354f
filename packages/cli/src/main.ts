import { enableCompileCache } from 'node:module';
import { fileURLToPath } from 'node:url';
import '@storegraph/core/quick-imports';
import { runCommand } from './program.ts';

// A third less to do for each process that starts. Not in the system's folder for temporary files, where others could put code for us to run.
enableCompileCache(fileURLToPath(new URL('../../../node_modules/.cache/node', import.meta.url)));

// Whatever still holds the event loop (a close that took too long) must not hold the process.
process.exit(await runCommand(process.argv.slice(2)));
