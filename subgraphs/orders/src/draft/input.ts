import { idOf, multiline, text } from '@storegraph/subgraph';
import { z } from 'zod';
import { newId } from '@storegraph/core';
import { amount, liveSystemName } from '../input.ts';
import {
  addressOf,
  addressSchema,
  codesSchema,
  contactOf,
  contactSchema,
  customerSchema,
  lineSchema,
  maxLines,
  placedLineOf,
} from '../order/asked.ts';
import type { OrderRow } from '../order/tables.ts';
import type { DraftRequest } from './draft.ts';

/** What a draft can be given, at its beginning or later. What is left out stays as it is; null takes it away. */
export const draftFields = {
  customerId: customerSchema.nullish(),
  contact: contactSchema.nullish(),
  lines: z.array(lineSchema).max(maxLines).nullish(),
  discount: amount.nullish(),
  discountLabel: text(200).nullish(),
  discountCodes: codesSchema.nullish(),
  tax: amount.nullish(),
  taxIncluded: z.boolean().nullish(),
  shipping: amount.nullish(),
  billingAddress: addressSchema.nullish(),
  shippingAddress: addressSchema.nullish(),
  customerNote: multiline(5000).nullish(),
  note: multiline(5000).nullish(),
  source: liveSystemName(50).nullish(),
};
export type DraftFields = z.output<z.ZodObject<typeof draftFields>>;

export const emptyRequest: DraftRequest = {
  lines: [],
  discount: 0n,
  discountLabel: null,
  discountCodes: [],
  tax: 0n,
  taxIncluded: false,
  shipping: 0n,
};

/** The value given, its absence said as null; or what there was where nothing is said. */
const said = <T, U>(given: T | null | undefined, was: U, read: (value: T) => U, none: U): U =>
  given === undefined ? was : given === null ? none : read(given);
const same = <T>(value: T): T => value;

/** What a draft asks for once it is changed. Lines are given all together, and are new ones. */
export const changedRequest = (was: DraftRequest, given: DraftFields): DraftRequest => ({
  lines: said(given.lines, was.lines, (lines) => lines.map((line) => ({ ...placedLineOf(line), id: newId('orl') })), []),
  discount: said(given.discount, was.discount, same, 0n),
  discountLabel: said<string, string | null>(given.discountLabel, was.discountLabel, same, null),
  discountCodes: said<readonly string[], readonly string[]>(given.discountCodes, was.discountCodes, same, []),
  tax: said(given.tax, was.tax, same, 0n),
  taxIncluded: said(given.taxIncluded, was.taxIncluded, same, false),
  shipping: said(given.shipping, was.shipping, same, 0n),
});

type Details = Pick<
  OrderRow,
  'customerId' | 'contactName' | 'contactEmail' | 'contactPhone' | 'billingAddress' | 'shippingAddress' | 'customerNote' | 'note' | 'source'
>;

export const noDetails: Details = {
  customerId: null,
  contactName: null,
  contactEmail: null,
  contactPhone: null,
  billingAddress: null,
  shippingAddress: null,
  customerNote: null,
  note: null,
  source: 'MANUAL',
};

/** Whom a draft is for and where it goes, once it is changed. A contact is given as a whole. */
export function changedDetails(was: Details, given: DraftFields): Details {
  const contact = said(given.contact, { name: was.contactName, email: was.contactEmail, phone: was.contactPhone }, contactOf, {
    name: null,
    email: null,
    phone: null,
  });
  return {
    customerId: said<NonNullable<Details['customerId']>, Details['customerId']>(given.customerId, was.customerId, same, null),
    contactName: contact.name,
    contactEmail: contact.email,
    contactPhone: contact.phone,
    billingAddress: said(given.billingAddress, was.billingAddress, addressOf, null),
    shippingAddress: said(given.shippingAddress, was.shippingAddress, addressOf, null),
    customerNote: said<string, string | null>(given.customerNote, was.customerNote, same, null),
    note: said<string, string | null>(given.note, was.note, same, null),
    source: said(given.source, was.source, same, 'MANUAL'),
  };
}

export const orderIdSchema = idOf('ord');
export const expectedVersion = z.int().min(1, { error: 'Must be at least 1.' });
