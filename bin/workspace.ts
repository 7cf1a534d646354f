import { existsSync, globSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** The repository's root folder. */
export const root = join(import.meta.dirname, '..');

/** The names of the subgraphs, which are also the names of their PostgreSQL schemas and of their folders under `drizzle`. */
export const domains = readdirSync(join(root, 'subgraphs'))
  .filter((name) => existsSync(join(root, 'subgraphs', name, 'package.json')))
  .sort();

/** The files of one domain that match a glob below its `src`, as absolute paths in a stable order. */
export function sources(domain: string, pattern: string): string[] {
  const folder = join(root, 'subgraphs', domain, 'src');
  return globSync(pattern, { cwd: folder })
    .sort()
    .map((file) => join(folder, file));
}

/** Runs a tool's main function; what it throws ends the process with one line instead of a stack trace. */
export async function runTool(main: () => Promise<void> | void): Promise<void> {
  try {
    await main();
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error));
    process.exitCode = 1;
  }
}
