import { text } from '@storegraph/subgraph';
import { z } from 'zod';

/** More can't be told exactly as a JSON number: 2^53 − 1. */
const maxAmount = 2n ** 53n - 1n;

/** An order's worth is at most this, so that the sum of 900 such orders can still be told exactly: 10^13 minor units. */
export const maxTotal = 10n ** 13n;

/** An amount in minor units, zero included. */
export const amount = z.bigint().min(0n, { error: 'Must not be negative.' }).max(maxAmount, { error: 'Is too high.' });

/** An amount in minor units, above zero. */
export const positiveAmount = z.bigint().min(1n, { error: 'Must be above zero.' }).max(maxAmount, { error: 'Is too high.' });

export const quantity = z.int().min(1, { error: 'Must be at least 1.' }).max(1_000_000, { error: 'Must be at most 1,000,000.' });

/** A name of a system, such as SHOPIFY or a terminal's. */
const systemName = (max: number) => text(max).regex(/^[A-Za-z0-9_.:-]+$/, { error: 'May hold letters, digits and _ . : - only.' });

/** The same, of a system other than the import: what that has written is known by this name. */
export const liveSystemName = (max: number) =>
  systemName(max).refine((name) => name.toUpperCase() !== 'IMPORT', { error: 'IMPORT is kept for imports.' });

export const webAddress = text(2000).refine((address) => URL.parse(address)?.protocol === 'https:', {
  error: 'Must be an https address.',
});
