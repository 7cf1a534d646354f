import { deriveSecrets } from '@storegraph/auth';
import { decodeJson, OperatorError } from '@storegraph/core';
import { loginUrl, openDirect, systemRoleOf } from '@storegraph/database';
import { secretPlace } from '@storegraph/events';
import { sealerOf } from '../deployment-database.ts';
import { print } from '../output.ts';
import { databaseServer, deployment, type CommonOptions } from '../settings.ts';

interface Row {
  readonly id: string;
  readonly type: string;
  readonly personal: string | null;
  readonly secret: string;
}

const most = 20;

/**
 * What nothing mails yet, so that a developer can go on where a mail would lead: the secrets that are sealed for messaging and have not expired, the latest
 * last. Who runs it has the deployment's secret, with which everything that is sealed can be opened anyway.
 */
export async function secretsCommand(options: CommonOptions): Promise<number> {
  const at = await deployment(options);
  if (at.settings.NODE_ENV === 'production')
    throw new OperatorError('Secrets are not shown in production.', 'They are for the mail service.');
  const prefix = at.settings.STOREGRAPH_ROLE_PREFIX;
  await using closing = new AsyncDisposableStack();
  const server = await databaseServer(at, { visit: true });
  closing.defer(() => server.stop());
  const url = loginUrl({ adminUrl: server.adminUrl, prefix, secret: deriveSecrets(at.secret).databaseSecret, domain: 'all' });
  const direct = openDirect({ url, role: systemRoleOf({ url, prefix, kernel: 'events' }), log: at.log });
  closing.defer(() => direct.close());
  const rows = await direct.query<Row>(
    `select l.id, l.type, l.personal::text as personal, events.secret_of(l.id, 'messaging') as secret from events.log l
     where l.secret_for = 'messaging' and l.secret_expires_at > now() order by l.recorded_at desc limit $1`,
    [most],
  );
  const sealer = sealerOf(at.secret);
  if (rows.length === 0) print('Nothing waits to be mailed.');
  for (const { id, type, personal, secret } of rows.toReversed())
    print(`${type}  ${addressIn(personal)}  ${sealer.open(secret, secretPlace(id))}`);
  return 0;
}

function addressIn(personal: string | null): string {
  const content: unknown = personal === null ? null : decodeJson(personal);
  return typeof content === 'object' && content !== null && 'email' in content ? String(content.email) : '';
}
