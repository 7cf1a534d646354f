import { fail, isRefusal, ok, type Result } from '@storegraph/core';
import { own } from '@storegraph/database';
import { country, idOf, optional, text, validate, type Context, type InputCode } from '@storegraph/subgraph';
import { eq } from 'drizzle-orm';
import { z } from 'zod';
import { lockCustomer } from '../../customer/lock.ts';
import { storeCountry } from '../../store/numbers.ts';
import { channels, contactAddress, mostContactPoints } from '../contact-point.ts';
import { contactPoints, type ContactPointRow } from '../tables.ts';
import { insertContactPoints, releasePrimary } from '../write.ts';

type Code = InputCode | 'NOT_FOUND' | 'ADDRESS_TAKEN' | 'TOO_MANY';

const inputSchema = z
  .object({
    customerId: idOf('cus'),
    channel: z.enum(channels),
    address: text(254),
    country: optional(country),
    source: optional(text(50)),
    primary: z.boolean().nullish(),
  })
  .superRefine(({ channel, country: hint, source }, context) => {
    const misplaced = (field: string, message: string) => context.addIssue({ code: 'custom', path: [field], message });
    if (hint && channel !== 'PHONE' && channel !== 'WHATSAPP') misplaced('country', 'Only a phone number is read in a country.');
    if (source && channel !== 'EXTERNAL') misplaced('source', 'Only an EXTERNAL id has a source.');
  });

export async function customerContactPointAdd({ db }: Context, given: unknown): Promise<Result<ContactPointRow, Code>> {
  const checked = validate(inputSchema, given);
  if (isRefusal(checked)) return checked;
  const { customerId, channel, source, ...input } = checked.value;

  return db.write(async (tx) => {
    const customer = await lockCustomer(tx, customerId);
    if (!customer) return fail('NOT_FOUND', 'No such customer.', ['customerId']);
    const hint = input.country ?? customer.country ?? (await storeCountry(tx));
    const address = contactAddress(channel, input.address, { country: hint, source: source ?? null });
    if (!address) return fail('INVALID', `Is not an address of the channel ${channel}.`, ['address']);

    const has = await tx
      .select({ channel: contactPoints.channel })
      .from(contactPoints)
      .where(own(tx, contactPoints, eq(contactPoints.customerId, customerId)));
    if (has.length >= mostContactPoints) return fail('TOO_MANY', `A customer can have ${mostContactPoints} contact points.`);
    const isFirst = !has.some((point) => point.channel === channel);
    if (input.primary && !isFirst) await releasePrimary(tx, customerId, channel);

    const [added] = await insertContactPoints(tx, customerId, [{ ...address, isPrimary: isFirst || (input.primary ?? false) }]);
    return added ? ok(added) : fail('ADDRESS_TAKEN', 'A customer of this store has this address already.', ['address']);
  });
}
