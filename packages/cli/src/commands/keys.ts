import { listSigningKeys, rotateSigningKeys } from '@storegraph/accounts';
import { createSealer, deriveSecrets, signingKeyStates, system } from '@storegraph/auth';
import { newId, OperatorError } from '@storegraph/core';
import { loginUrl, openPool, type Db } from '@storegraph/database';
import { print } from '../output.ts';
import { databaseServer, deployment, type CommonOptions } from '../settings.ts';

interface KeysOptions extends CommonOptions {
  readonly compromised?: boolean;
}

/** Shows the keys that sign the access tokens of staff, or makes the next one. The running processes take it up by themselves. */
export async function keysCommand(action: string, options: KeysOptions): Promise<number> {
  const now = new Date();
  switch (action) {
    case 'list':
      return withAccounts(options, async (db) => {
        const keys = await listSigningKeys(db);
        const states = signingKeyStates(keys, now);
        for (const { kid, signsFrom } of keys) print(`${kid}  ${states.get(kid) ?? ''}  signs from ${signsFrom.toISOString()}`);
      });
    case 'rotate':
      return withAccounts(options, async (db, secret) => {
        const { sealingKey } = deriveSecrets(secret);
        const sealer = createSealer({ keys: [sealingKey] });
        const { compromised = false } = options;
        const { made } = await rotateSigningKeys(db, { sealer, now, asked: true, compromised });
        if (compromised)
          print('Every former key is gone. Within a minute tokens of theirs open nothing, and clients get others by a refresh.');
        else print(made > 0 ? 'A new key is published, and signs in an hour.' : 'The next key is published already.');
      });
    default:
      throw new OperatorError(`"${action}" can not be done with keys.`, 'Known: list, rotate.');
  }
}

async function withAccounts(options: CommonOptions, work: (db: Db, secret: string) => Promise<void>): Promise<number> {
  const at = await deployment(options);
  const prefix = at.settings.STOREGRAPH_ROLE_PREFIX;
  await using closing = new AsyncDisposableStack();
  const server = await databaseServer(at, { visit: true });
  closing.defer(() => server.stop());
  const url = loginUrl({ adminUrl: server.adminUrl, prefix, secret: deriveSecrets(at.secret).databaseSecret, domain: 'all' });
  const pool = openPool({ url, prefix, max: 2, applicationName: 'storegraph-keys', log: at.log });
  closing.defer(() => pool.close());
  const db = pool.session({ domain: 'accounts', identity: system(null), correlationId: newId('req'), origin: 'LIVE' });
  closing.defer(() => db.end());
  await work(db, at.secret);
  return 0;
}
