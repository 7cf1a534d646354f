import { first, own, owned, one, type Tx } from '@storegraph/database';
import { giftCardSettings } from './tables.ts';

export interface GiftCardSettings {
  readonly forfeitAfterDays: number | null;
}

/** How the store treats its cards. Unless it says otherwise, what is left of a card is owed for good. */
export async function settingsOf(tx: Tx): Promise<GiftCardSettings> {
  const row = first(await tx.select().from(giftCardSettings).where(own(tx, giftCardSettings)));
  return { forfeitAfterDays: row?.forfeitAfterDays ?? null };
}

export async function setSettings(tx: Tx, { forfeitAfterDays }: GiftCardSettings): Promise<GiftCardSettings> {
  return one(
    await tx
      .insert(giftCardSettings)
      .values(owned(tx, { forfeitAfterDays }))
      .onConflictDoUpdate({ target: giftCardSettings.storeId, set: { forfeitAfterDays } })
      .returning(),
  );
}
