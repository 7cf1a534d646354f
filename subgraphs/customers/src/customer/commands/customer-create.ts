import { fail, isRefusal, newId, ok, refuse, type CustomerId, type Problem, type Result } from '@storegraph/core';
import { one, owned, type Tx } from '@storegraph/database';
import { customerCreated, emit } from '@storegraph/events';
import { optional, text, validate, type Context, type InputCode } from '@storegraph/subgraph';
import { z } from 'zod';
import { addressInput } from '../../address/address.ts';
import { insertAddresses } from '../../address/write.ts';
import { contactAddress, type ContactAddress } from '../../contact-point/contact-point.ts';
import { consentsInput } from '../../consent/consent.ts';
import { readConsents, recordConsents, type ConsentGiver } from '../../consent/write.ts';
import { insertContactPoints } from '../../contact-point/write.ts';
import { takeNumbers } from '../../store/numbers.ts';
import { addTags } from '../../tag/write.ts';
import { searchName } from '../name.ts';
import { detailsShape, profileOf, profileShape } from '../profile.ts';
import { customers, type CustomerRow } from '../tables.ts';

export type Code = InputCode | 'EMAIL_TAKEN' | 'PHONE_TAKEN' | 'EXTERNAL_ID_TAKEN' | 'DEFAULT_TWICE';
export type Input = z.output<ReturnType<typeof inputSchema>>;

const inputSchema = (now: Date) =>
  z.object({
    ...profileShape(now),
    ...detailsShape,
    consents: consentsInput,
    email: optional(text(254)),
    phone: optional(text(64)),
    externalId: optional(text(200)),
    externalSource: optional(text(50)),
    addresses: z.array(addressInput).max(20).nullish(),
  });

export async function customerCreate(ctx: Context, given: unknown): Promise<Result<CustomerRow, Code>> {
  const checked = checkCustomer(given, ctx.clock.now());
  return isRefusal(checked) ? checked : ctx.db.write((tx) => createCustomer(ctx, tx, checked.value));
}

/** Reads the input of a customer to be made, or says all that is wrong with it. */
export function checkCustomer(given: unknown, now: Date): Result<Input, InputCode | 'DEFAULT_TWICE'> {
  const checked = validate(inputSchema(now), given);
  if (isRefusal(checked)) return checked;
  const { firstName, lastName, email, phone, externalId, addresses } = checked.value;
  if (!(firstName ?? lastName ?? email ?? phone ?? externalId)) {
    return fail('REQUIRED', 'Give a name, an e-mail address, a phone number or an external id.');
  }
  for (const flag of ['defaultBilling', 'defaultShipping'] as const) {
    const claims = (addresses ?? []).flatMap((address, index) => (address[flag] ? [index] : []));
    if (claims.length > 1)
      return fail('DEFAULT_TWICE', 'One address can be the default, not several.', ['addresses', String(claims[1]), flag]);
  }
  return checked;
}

/** Makes a customer of an input that has been checked, on whoever's behalf `by` says. */
export async function createCustomer(by: ConsentGiver, tx: Tx, input: Input): Promise<Result<CustomerRow, Code>> {
  const profile = profileOf(input);
  const store = await takeNumbers(tx, 1);
  const contacts = readContacts(input, profile.country ?? store.country);
  if (isRefusal(contacts)) return contacts;

  const id = newId('cus');
  const { tags, note, metadata, consents } = input;
  const values = {
    ...profile,
    id,
    number: store.lastNumber,
    searchName: searchName(profile.firstName, profile.lastName),
    note: note ?? null,
    metadata: metadata ?? {},
  };
  const customer = one(await tx.insert(customers).values(owned(tx, values)).returning());
  const personal = { ...profile, tags: tags ?? [] };
  await emit(tx, customerCreated({ customerId: id, number: customer.number, status: customer.status }, { personal }));
  await addTags(tx, id, personal.tags);

  const taken = await addContacts(tx, id, contacts.value);
  if (taken.length > 0) return refuse(taken);
  await insertAddresses(tx, id, input.addresses ?? []);
  const given = await readConsents(tx, customer, consents);
  if (isRefusal(given)) return given;
  await recordConsents(by, tx, id, given.value);
  return ok(customer);
}

const contactFields = { EMAIL: 'email', PHONE: 'phone', EXTERNAL: 'externalId' } as const;
type Field = (typeof contactFields)[keyof typeof contactFields];

const contactCodes = {
  email: { INVALID: 'Must be an e-mail address.', taken: 'EMAIL_TAKEN', TAKEN: 'Another customer has this e-mail address.' },
  phone: {
    INVALID: 'Must be a phone number, with its country code or as dialled in the country.',
    taken: 'PHONE_TAKEN',
    TAKEN: 'Another customer has this phone number.',
  },
  externalId: { INVALID: 'Must be an id.', taken: 'EXTERNAL_ID_TAKEN', TAKEN: 'Another customer has this external id.' },
} as const;

interface Contact {
  readonly field: Field;
  readonly address: ContactAddress;
}

function readContacts(input: Input, country: string | null): Result<Contact[], Code> {
  const contacts: Contact[] = [];
  const problems: Problem<Code>[] = [];
  for (const channel of ['EMAIL', 'PHONE', 'EXTERNAL'] as const) {
    const field = contactFields[channel];
    const given = input[field];
    if (!given) continue;
    const address = contactAddress(channel, given, { country, source: input.externalSource ?? null });
    if (address) contacts.push({ field, address });
    else problems.push({ code: 'INVALID', message: contactCodes[field].INVALID, field: [field] });
  }
  return problems.length > 0 ? refuse(problems) : ok(contacts);
}

/** The unique key decides: of two customers who are made with the same address at once, the second waits for the first and is refused. */
async function addContacts(tx: Tx, customerId: CustomerId, contacts: readonly Contact[]): Promise<Problem<Code>[]> {
  const added = await insertContactPoints(
    tx,
    customerId,
    contacts.map(({ address }) => ({ ...address, isPrimary: true })),
  );
  const channels = new Set(added.map((point) => point.channel));
  return contacts
    .filter(({ address }) => !channels.has(address.channel))
    .map(({ field }) => ({ code: contactCodes[field].taken, message: contactCodes[field].TAKEN, field: [field] }));
}
