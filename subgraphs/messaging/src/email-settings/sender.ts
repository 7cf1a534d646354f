import type { Tx } from '@storegraph/database';
import { storeOfMessages } from '../store/known.ts';
import type { Sender } from '../template/template.ts';
import { settingsOf } from './find.ts';

export const platformName = 'Storegraph';

/** Who a mail of this transaction is from, in its words: the store, or the platform where there is none. */
export async function senderOf(tx: Tx): Promise<Sender> {
  if (tx.scope.identity.storeId === null) return { name: platformName, signature: null, timeZone: 'UTC' };
  const [settings, store] = [await settingsOf(tx), await storeOfMessages(tx)];
  return {
    name: settings?.fromName ?? store?.name ?? platformName,
    signature: settings?.signature ?? null,
    timeZone: store?.timeZone ?? 'UTC',
  };
}
