import { fail, type Id, type Result } from '@storegraph/core';
import type { Tx } from '@storegraph/database';
import { currency, email, idempotencyKey, multiline, readId, text, type Context } from '@storegraph/subgraph';
import { z } from 'zod';
import { noSuchCustomer, unknownCustomer, untilCustomerKnown } from '../../customer/known.ts';
import { storeSettings } from '../../store/settings.ts';
import { maxBalance } from '../gift-card.ts';

/** What a card is worth, in minor units. */
const worth = z.bigint().min(1n, { error: 'Must be above zero.' }).max(maxBalance, { error: 'Is too high.' });

/** What gift cards and store credit are issued with alike. */
export const issueFields = {
  amount: worth,
  currency: currency.nullish(),
  expiresAt: z.date().nullish(),
  message: multiline(2000).nullish(),
  note: multiline(5000).nullish(),
  tags: z.array(text(50)).max(50).nullish(),
  idempotencyKey,
};

export const recipientFields = { recipientName: text(200).nullish(), recipientEmail: email.nullish(), senderName: text(200).nullish() };

interface Asked {
  readonly currency?: string | null | undefined;
  readonly expiresAt?: Date | null | undefined;
  readonly customerId?: Id<'cus'> | null | undefined;
}

export type IssueCode = 'REQUIRED' | 'INVALID' | 'NOT_FOUND';

/**
 * Runs a write in which a card is issued, once it is clear in which currency, and to whom. A customer that was made a moment ago is waited for: that
 * refusal is never kept under the key.
 */
export async function issuing<T, Code extends string>(
  { db, clock, signal }: Context,
  asked: Asked,
  issue: (tx: Tx, currency: string) => Promise<Result<T, Code>>,
): Promise<Result<T, Code | IssueCode>> {
  if (asked.expiresAt && asked.expiresAt <= clock.now()) return fail('INVALID', 'Must lie in the future.', ['expiresAt']);
  if (asked.customerId === readId('cus', null)) return noSuchCustomer();
  return untilCustomerKnown<T, Code | IssueCode>(signal, () =>
    db.write(async (tx): Promise<Result<T, Code | IssueCode>> => {
      const unknown = asked.customerId ? await unknownCustomer(tx, asked.customerId) : undefined;
      if (unknown) return unknown;
      const inCurrency = asked.currency ?? (await storeSettings(tx))?.currency;
      if (!inCurrency) return fail('REQUIRED', "The store's currency is not known yet: name one.", ['currency']);
      return issue(tx, inCurrency);
    }),
  );
}

/** The tags of a card, each once and in lower case. */
export const tagsOf = (given: readonly string[] | null | undefined): string[] => [
  ...new Set((given ?? []).map((tag) => tag.toLowerCase())),
];
