import { country, optional, text } from '@storegraph/subgraph';
import { z } from 'zod';
import { phone } from '../contact-point/contact-point.ts';

/** How many addresses a customer may have: the list is given whole. */
export const mostAddresses = 100;

export const badPhone = 'Must be a phone number, with its country code or as dialled in the country of the address.';

/** The parts that an address may do without. */
export const optionalParts = {
  label: optional(text(50)),
  firstName: optional(text(100)),
  lastName: optional(text(100)),
  company: optional(text(200)),
  line2: optional(text(200)),
  city: optional(text(100)),
  region: optional(text(100)),
  postalCode: optional(text(20)),
  phone: optional(text(64)),
};

export const line1 = text(200);

/** A whole address, its phone number read in its country. */
export const addressInput = z
  .object({ ...optionalParts, line1, country, defaultBilling: z.boolean().nullish(), defaultShipping: z.boolean().nullish() })
  .transform((given, context) => {
    const read = given.phone ? phone(given.phone, given.country) : null;
    if (read === undefined) context.issues.push({ code: 'custom', message: badPhone, path: ['phone'], input: given.phone });
    return {
      label: given.label ?? null,
      firstName: given.firstName ?? null,
      lastName: given.lastName ?? null,
      company: given.company ?? null,
      line1: given.line1,
      line2: given.line2 ?? null,
      city: given.city ?? null,
      region: given.region ?? null,
      postalCode: given.postalCode ?? null,
      country: given.country,
      phone: read ?? null,
      defaultBilling: given.defaultBilling ?? false,
      defaultShipping: given.defaultShipping ?? false,
    };
  });

export type AddressValues = z.output<typeof addressInput>;
