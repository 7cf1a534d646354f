import { decodeJson, encodeJson } from '@storegraph/core';
import type { Request } from '../order/place.ts';
import type { OrderRow } from '../order/tables.ts';

/** What a draft asks for: its price is worked out anew with each change, and once more when it is placed. */
export type DraftRequest = Omit<Request, 'customerId' | 'currency'>;

export const storedRequest = ({ lines, discount, discountLabel, discountCodes, tax, taxIncluded, shipping }: DraftRequest): unknown =>
  JSON.parse(encodeJson({ lines, discount, discountLabel, discountCodes, tax, taxIncluded, shipping }));

/** What a draft asks for, with its customer and currency. */
export const requestOf = ({ draft, customerId, currency }: Pick<OrderRow, 'draft' | 'customerId' | 'currency'>): Request => ({
  // Written by `storedRequest` alone.
  ...(decodeJson(JSON.stringify(draft)) as DraftRequest),
  customerId,
  currency,
});
