import type { Identity } from '@storegraph/auth';
import { fail, isRefusal, newId, ok, type Id, type Result } from '@storegraph/core';
import { insertRows, once, owned, type Tx } from '@storegraph/database';
import { idempotencyKey, idOf, readId, text, validate, type Context } from '@storegraph/subgraph';
import { z } from 'zod';
import { unknownCustomer, untilCustomerKnown } from '../../customer/known.ts';
import { addMessage } from '../../message/add.ts';
import { content } from '../../message/input.ts';
import { newcomer } from '../../participant/join.ts';
import { keyOf, writerOf } from '../access.ts';
import { insertConversation } from '../insert.ts';
import { personOf, type Person } from '../person.ts';
import { participants } from '../tables.ts';

const schema = z.object({
  type: z.enum(['STORE_CUSTOMER', 'ADMIN_STORE', 'ADMIN_CUSTOMER', 'TEAM']),
  customerId: idOf('cus').nullish(),
  subject: text(200).nullish(),
  content,
  idempotencyKey,
});
type Input = z.output<typeof schema>;

/** Begins a conversation with its first message. */
export async function conversationStart(ctx: Context, given: unknown) {
  const checked = validate(schema, given);
  if (isRefusal(checked)) return checked;
  const input = checked.value;
  const sides = sidesOf(ctx.identity, input);
  if (isRefusal(sides)) return sides;
  const { customerId } = sides.value;
  const keyed = { ...input, idempotencyKey: keyOf(ctx.identity, input.idempotencyKey) };
  const writer = writerOf(ctx);
  return untilCustomerKnown(ctx.signal, () =>
    writer.db.write(async (tx) => {
      // Before `once`, which would keep the refusal; and before every other lock, as a merge of customers has it.
      const unknown = customerId ? await unknownCustomer(tx, customerId) : undefined;
      return unknown ?? (await once(tx, 'conversationStart', keyed, () => start(tx, sides.value, input, ctx.clock.now())));
    }),
  );
}

interface Sides {
  readonly type: Input['type'];
  readonly customerId: Id<'cus'> | null;
  readonly by: Person;
}

/** Who talks with whom: it is not for everybody to begin every type. */
function sidesOf(identity: Identity, { type, customerId = null }: Input): Result<Sides, 'NOT_PERMITTED' | 'REQUIRED' | 'INVALID'> {
  const by = personOf(identity);
  if (by.kind === 'CUSTOMER') {
    const own = readId('cus', identity.subjectId);
    return type === 'STORE_CUSTOMER' && (customerId === null || customerId === own) ? ok({ type, customerId: own, by }) : notPermitted();
  }
  const platform = by.kind === 'ADMIN';
  switch (type) {
    case 'STORE_CUSTOMER':
    case 'ADMIN_CUSTOMER':
      if (platform !== (type === 'ADMIN_CUSTOMER')) return notPermitted();
      return customerId === null ? fail('REQUIRED', 'Is required.', ['customerId']) : ok({ type, customerId, by });
    case 'ADMIN_STORE':
      return customerId === null ? ok({ type, customerId, by }) : fail('INVALID', 'No customer takes part.', ['customerId']);
    case 'TEAM':
      return fail('INVALID', "A team's channel is made by teamChannelCreate.", ['type']);
  }
}

const notPermitted = () => fail('NOT_PERMITTED', 'A conversation of this type is not yours to begin.', ['type']);

async function start(tx: Tx, { type, customerId, by }: Sides, input: Input, at: Date): Promise<Result<{ id: Id<'cnv'> }, never>> {
  const conversation = await insertConversation(tx, { type, customerId, subject: input.subject ?? null }, by, at);
  if (!conversation) throw new Error('A new conversation was not inserted');
  if (customerId) {
    await insertRows(tx, participants, [
      owned(tx, { ...newcomer, id: newId('prt'), conversationId: conversation.id, customerId, kind: 'CUSTOMER' as const, userId: null }),
    ]);
  }
  await addMessage(tx, conversation, { content: input.content }, by, at);
  return ok({ id: conversation.id });
}
