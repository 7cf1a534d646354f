import { addPlatformStaff, listPlatformStaff, removePlatformStaff } from '@storegraph/accounts';
import { OperatorError, type UserId } from '@storegraph/core';
import type { Tx } from '@storegraph/database';
import { signal } from '@storegraph/events';
import { openDeploymentPool } from '../deployment-database.ts';
import { print } from '../output.ts';
import { databaseServer, deployment, type CommonOptions } from '../settings.ts';

/** Says who works for the platform: only the operator can. Whoever is removed has no right across stores from their next request on. */
export async function platformStaffCommand(action: string, email: string | undefined, options: CommonOptions): Promise<number> {
  switch (action) {
    case 'list':
      return withAccounts(options, async (tx) => {
        const staff = await listPlatformStaff(tx);
        if (staff.length === 0) print('Nobody works for the platform.');
        for (const { email: address, since } of staff) print(`${address}  since ${since.toISOString()}`);
      });
    case 'add':
      return withAccounts(options, async (tx) => {
        await changed(tx, await addPlatformStaff(tx, normal(email)), 'No active user has that address: they have to sign up first.');
        print('Added. It counts from the next log-in without a store on.');
      });
    case 'remove':
      return withAccounts(options, async (tx) => {
        await changed(tx, await removePlatformStaff(tx, normal(email)), 'Nobody with that address works for the platform.');
        print('Removed.');
      });
    default:
      throw new OperatorError(`"${action}" can not be done with platform staff.`, 'Known: list, add EMAIL, remove EMAIL.');
  }
}

async function changed(tx: Tx, userId: UserId | undefined, otherwise: string): Promise<void> {
  if (!userId) throw new OperatorError(otherwise);
  await signal(tx, 'credentials', { subjectId: userId });
}

async function withAccounts(options: CommonOptions, work: (tx: Tx) => Promise<void>): Promise<number> {
  const at = await deployment(options);
  await using closing = new AsyncDisposableStack();
  const server = await databaseServer(at, { visit: true });
  closing.defer(() => server.stop());
  const { settings, secret, log } = at;
  const pool = openDeploymentPool({ adminUrl: server.adminUrl, rolePrefix: settings.STOREGRAPH_ROLE_PREFIX, secret, poolSize: 1, log });
  closing.defer(() => pool.close());
  await pool.sweep('accounts', work);
  return 0;
}

/** As addresses are stored. */
function normal(email: string | undefined): string {
  if (email === undefined) throw new OperatorError('Give the e-mail address of the user.');
  return email.normalize('NFC').trim().toLowerCase();
}
