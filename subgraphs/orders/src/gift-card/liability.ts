import { money, type Money } from '@storegraph/core';
import type { Tx } from '@storegraph/database';
import { liabilities, type Liability } from './queries.ts';

interface Owed {
  readonly cards: number;
  readonly balance: Money;
  readonly held: Money;
}

export interface GiftCardLiability extends Owed {
  readonly currency: string;
  readonly giftCards: Owed;
  readonly storeCredit: Owed;
}

/** What the store owes to the holders of cards and credit, by currency. A currency in which it owes nothing any more is left out. */
export async function liabilityLists(tx: Tx): Promise<GiftCardLiability[]> {
  const rows = await liabilities(tx);
  return [...Map.groupBy(rows, ({ currency }) => currency)]
    .filter(([, parts]) => parts.some(({ balance }) => balance > 0n))
    .map(([currency, parts]) => ({
      currency,
      ...owed(currency, parts),
      giftCards: owed(
        currency,
        parts.filter(({ kind }) => kind === 'GIFT_CARD'),
      ),
      storeCredit: owed(
        currency,
        parts.filter(({ kind }) => kind === 'STORE_CREDIT'),
      ),
    }));
}

function owed(currency: string, parts: readonly Liability[]): Owed {
  const sum = (key: 'cards' | 'balance' | 'held') => parts.reduce((total, part) => total + part[key], 0n);
  return { cards: Number(sum('cards')), balance: money(sum('balance'), currency), held: money(sum('held'), currency) };
}
