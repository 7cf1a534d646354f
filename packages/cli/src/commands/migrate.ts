import { prepareDatabase } from '../deployment-database.ts';
import { domainsWithout } from '../domains.ts';
import { print } from '../output.ts';
import { databaseOptions, databaseServer, deployment, type CommonOptions } from '../settings.ts';

/** Makes the roles and schemas and applies what is new, then ends. */
export async function migrateCommand(options: CommonOptions & { readonly without?: readonly string[] }): Promise<number> {
  const domains = domainsWithout(options.without ?? []);
  const at = await deployment(options);
  const server = await databaseServer(at, { visit: true });
  try {
    await prepareDatabase(databaseOptions(at, server.adminUrl, domains));
    print('The database is up to date.');
    return 0;
  } finally {
    await server.stop();
  }
}
