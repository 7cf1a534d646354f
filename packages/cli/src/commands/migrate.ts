import { domainsWithout } from '../domains.ts';
import { prepareDatabase } from '../graph.ts';
import { print } from '../output.ts';
import { databaseServer, deployment, type CommonOptions } from '../settings.ts';

/** Makes the roles and schemas and applies what is new, then ends. */
export async function migrateCommand(options: CommonOptions & { readonly without?: readonly string[] }): Promise<number> {
  const domains = domainsWithout(options.without ?? []);
  const at = await deployment(options);
  const server = await databaseServer(at, { visit: true });
  try {
    await prepareDatabase({
      adminUrl: server.adminUrl,
      rolePrefix: at.settings.STOREGRAPH_ROLE_PREFIX,
      secret: at.secret,
      domains,
      log: at.log,
    });
    print('The database is up to date.');
    return 0;
  } finally {
    await server.stop();
  }
}
