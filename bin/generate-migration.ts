// Writes the next migration of a domain from the difference between its tables and the snapshot beside its migrations.
//   node_modules/.bin/node bin/generate-migration.ts <domain> <verb_object>   writes drizzle/<domain>/NNNN_verb_object.sql
//   node_modules/.bin/node bin/generate-migration.ts <domain> --accept        the files already say it all: only takes the snapshot
//   node_modules/.bin/node bin/generate-migration.ts --check                  fails where tables and snapshot differ
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { changes, emptySnapshot, takeSnapshot, type Snapshot } from './snapshot.ts';
import { domains, root, runTool } from './workspace.ts';

await runTool(async () => {
  const [first, second] = process.argv.slice(2);
  if (first === '--check') return check();
  if (first === undefined || second === undefined || !domains.includes(first)) {
    throw new Error(`Usage: generate-migration.ts <${domains.join('|')}> <verb_object>|--accept, or generate-migration.ts --check`);
  }
  if (second === '--accept') return save(first, (await compare(first)).snapshot);
  if (!/^[a-z]+(_[a-z0-9]+)+$/.test(second))
    throw new Error(`Not a migration's name: ${second}. It says verb_object, such as create_orders.`);
  await generate(first, second);
});

async function check(): Promise<void> {
  for (const domain of domains) {
    const { statements } = await compare(domain);
    if (statements.length > 0) {
      const first = statements.slice(0, 10).map((statement) => `\n  ${statement.slice(0, 120).replace(/\s+/g, ' ')}`);
      throw new Error(
        `The tables of ${domain} differ from the snapshot beside its migrations. bin/generate-migration.ts writes the next one, or --accept takes the snapshot where a file says it already. First of what differs:${first.join('')}`,
      );
    }
  }
}

async function generate(domain: string, name: string): Promise<void> {
  const { snapshot, statements } = await compare(domain);
  if (statements.length === 0) throw new Error(`The tables of ${domain} are as its migrations leave them: nothing to write.`);
  save(domain, snapshot);
  const file = join(folder(domain), `${nextNumber(domain)}_${name}.sql`);
  writeFileSync(file, `${statements.map((statement) => statement.trim()).join('\n\n')}\n`);
  console.log(`wrote ${relative(root, file)}: read it before you commit it`);
}

async function compare(domain: string): Promise<{ snapshot: Snapshot; statements: string[] }> {
  const previous = readSnapshot(domain);
  const snapshot = await takeSnapshot(domain, previous);
  const statements = await changes(previous, snapshot);
  return { snapshot, statements: statements.filter((statement) => !statement.startsWith('CREATE SCHEMA')).map(force) };
}

/** Row-level security that is not forced lets the owner through; drizzle knows only `enable`. */
function force(statement: string): string {
  return statement.replace(/^(ALTER TABLE .*) ENABLE (ROW LEVEL SECURITY;)/, '$1 ENABLE $2\n$1 FORCE $2');
}

function nextNumber(domain: string): string {
  const numbers = readdirSync(folder(domain)).map((file) => Number.parseInt(file, 10));
  return String(Math.max(0, ...numbers.filter(Number.isInteger)) + 1).padStart(4, '0');
}

function readSnapshot(domain: string): Snapshot {
  const file = snapshotFile(domain);
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Snapshot) : emptySnapshot();
}

function save(domain: string, snapshot: Snapshot): void {
  mkdirSync(folder(domain), { recursive: true });
  writeFileSync(snapshotFile(domain), `${JSON.stringify(snapshot, null, 2)}\n`);
}

function folder(domain: string): string {
  return join(root, 'drizzle', domain);
}

function snapshotFile(domain: string): string {
  return join(folder(domain), 'snapshot.json');
}
