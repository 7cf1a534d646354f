import { Command, CommanderError } from 'commander';
import { printFailure } from './output.ts';

const collect = (value: string, previous: readonly string[] = []) => [...previous, ...value.split(',')];
const withData = (command: Command) => command.option('--data <dir>', 'the folder that holds the embedded database and the secret');

/**
 * Does what the arguments (those after the program's name) ask, prints what there is to say, and gives the exit code: 0, or 1 after a line on the
 * error output. A command that serves comes back when it was told to stop.
 */
export async function runCommand(args: readonly string[]): Promise<number> {
  let code = 0;
  try {
    await commands((result) => (code = result)).parseAsync(args, { from: 'user' });
    return code;
  } catch (error) {
    // It has said already what is wrong with the arguments, or printed the help that was asked for.
    if (error instanceof CommanderError) return error.exitCode;
    printFailure((await import('./database-errors.ts')).explainDatabase(error));
    return 1;
  }
}

function commands(ended: (code: number) => void): Command {
  const program = new Command('storegraph')
    .description('The customer-facing back end of many stores, as one federated graph.')
    .exitOverride()
    .configureOutput({ outputError: (text, write) => write(text.replace(/^error: /, 'storegraph: ')) });

  /** Each command is loaded when it is asked for: `compose` needs no database, `start` no CSV parser. */
  const run =
    <Args extends unknown[]>(command: () => Promise<(...args: Args) => Promise<number>>) =>
    async (...args: Args) => {
      ended(await (await command())(...args));
    };

  withData(program.command('start'))
    .description('runs the whole graph')
    .option('--port <n>', 'the port of the gateway (4000)')
    .option('--split', 'one process per subgraph and one for the gateway')
    .option('--without <domain>', 'leaves a domain out; may be given several times', collect)
    .action(run(async () => (await import('./commands/start.ts')).start));

  program
    .command('serve <subgraph>')
    .description('runs one subgraph alone')
    .option('--port <n>', 'its port (any free one)')
    .action(run(async () => (await import('./commands/serve.ts')).serve));

  program
    .command('gateway')
    .description('runs the gateway alone')
    .option('--port <n>', 'its port (4000)')
    .option('--supergraph <file>', 'the supergraph to serve, in place of that of the subgraphs in the settings')
    .option('--open', 'for a graph that is not ours: finds its subgraphs in the supergraph, asks nobody who they are, signs nothing')
    .action(run(async () => (await import('./commands/gateway.ts')).gatewayCommand));

  withData(program.command('migrate'))
    .description('brings the database up to date')
    .option('--without <domain>', 'leaves a domain out; may be given several times', collect)
    .action(run(async () => (await import('./commands/migrate.ts')).migrateCommand));

  withData(program.command('settings <process>'))
    .description('prints the environment of one process of a split deployment; it holds secrets')
    .action(run(async () => (await import('./commands/settings.ts')).settingsCommand));

  withData(program.command('import <what> <file>'))
    .description('imports a file: what is `orders`')
    .requiredOption('--store <slug>', 'the store')
    .option('--encoding <name>', 'the encoding of the file (windows-1252)')
    .option('--column <field=Name>', 'where a field stands; may be given several times', collect)
    .option('--date-format <tokens>', 'how dates are written (dd/MM/yyyy HH:mm)')
    .option('--time-zone <name>', 'in which time zone (Europe/London)')
    .option('--currency <code>', 'the currency of the prices (GBP)')
    .option('--delimiter <character>', 'what separates columns (,)')
    .option('--report <file>', 'where rejected lines are written')
    .action(run(async () => (await import('./commands/import.ts')).importCommand));

  withData(program.command('events <action> [name]'))
    .description('parked: lists what reactions could not handle; retry ID: tries it again; replay CONSUMER: rebuilds a projection')
    .action(run(async () => (await import('./commands/events.ts')).eventsCommand));

  withData(program.command('platform-staff <action> [email]'))
    .description('who works for the platform, across stores: list, add EMAIL, remove EMAIL')
    .action(run(async () => (await import('./commands/platform-staff.ts')).platformStaffCommand));

  withData(program.command('keys <action>'))
    .description('the keys that sign the access tokens of staff: list; rotate: makes the next one')
    .option('--compromised', 'rotate: the new key signs now, and every former one, with its tokens, is good no more')
    .action(run(async () => (await import('./commands/keys.ts')).keysCommand));

  withData(program.command('secrets'))
    .description('development: prints what is to be mailed and was not: links of invitations and the like')
    .action(run(async () => (await import('./commands/secrets.ts')).secretsCommand));

  program
    .command('bench [names...]')
    .description('measures against references: startup, import, orders, desk, search, read, gateway, subscriptions, graph')
    .option('--file <csv>', 'an order file to import in place of the generated one')
    .option('--orders <n>', 'how many orders the large store of the desk has (100000)', Number)
    .option('--customers <n>', 'how many customers are searched (100000)', Number)
    .option('--profile <dir>', 'where CPU profiles of the gateway are written')
    .action(run(async () => (await import('./commands/bench.ts')).benchCommand));

  program
    .command('compose')
    .description('writes the supergraph and the API schema')
    .option('--check', 'only says whether they are up to date')
    .action(run(async () => (await import('./commands/compose.ts')).composeCommand));

  return program;
}
