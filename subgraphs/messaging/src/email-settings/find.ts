import { first, own, type Tx } from '@storegraph/database';
import { emailSettings, type EmailSettingsRow } from './tables.ts';

/** The settings of the transaction's store, or undefined as long as nothing was set. */
export async function settingsOf(tx: Tx): Promise<EmailSettingsRow | undefined> {
  return first(await tx.select().from(emailSettings).where(own(tx, emailSettings)));
}

/** The same, locked until the transaction's end. */
export async function lockSettings(tx: Tx): Promise<EmailSettingsRow | undefined> {
  return first(await tx.select().from(emailSettings).where(own(tx, emailSettings)).for('update'));
}

/** Whether the settings name a server of the store's own. */
export const isConfigured = (settings: Pick<EmailSettingsRow, 'provider'>): boolean => settings.provider !== null;
