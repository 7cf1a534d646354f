import { payload } from '@storegraph/subgraph';
import type { Resolvers } from '../generated/graphql.ts';
import { backupCodesReplace } from './commands/backup-codes-replace.ts';
import { totpDeviceConfirm } from './commands/totp-device-confirm.ts';
import { totpDeviceCreate } from './commands/totp-device-create.ts';
import { totpDeviceRemove } from './commands/totp-device-remove.ts';
import { ownBackupCodes, ownDevices } from './queries.ts';

export const resolvers: Resolvers = {
  Mutation: {
    totpDeviceCreate: async (_, { input }, ctx) => payload(await totpDeviceCreate(ctx, input)),
    totpDeviceConfirm: async (_, { input }, ctx) => payload(await totpDeviceConfirm(ctx, input)),
    totpDeviceRemove: async (_, { input }, ctx) => payload('device', await totpDeviceRemove(ctx, input)),
    backupCodesReplace: async (_, { input }, ctx) => payload('backupCodes', await backupCodesReplace(ctx, input)),
  },
  TotpDevice: { confirmed: (device) => device.confirmedAt !== null },
  User: {
    totpDevices: ({ id }, _, ctx) => ownDevices(ctx, id),
    backupCodesLeft: ({ id }, _, ctx) => ownBackupCodes(ctx, id),
  },
};
