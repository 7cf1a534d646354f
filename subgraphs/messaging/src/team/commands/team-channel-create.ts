import { fail, isRefusal, ok, refuse, type Id, type Problem, type Result } from '@storegraph/core';
import { first, own, type Tx } from '@storegraph/database';
import { idOf, validate, type Context } from '@storegraph/subgraph';
import { eq } from 'drizzle-orm';
import { z } from 'zod';
import { record } from '../../conversation/change.ts';
import { visibilities } from '../../conversation/conversation.ts';
import { insertConversation } from '../../conversation/insert.ts';
import { personOf, userOf, type Person } from '../../conversation/person.ts';
import { conversations } from '../../conversation/tables.ts';
import { activeMembers, join } from '../../participant/join.ts';
import { description, name, slug } from '../input.ts';

const schema = z.object({
  visibility: z.enum(visibilities),
  name: name.nullish(),
  slug: slug.nullish(),
  description: description.nullish(),
  memberIds: z.array(idOf('usr')).max(100).nullish(),
});
type Input = z.output<typeof schema>;

/** In a direct channel, the caller included. */
const mostDirect = 8;

/** Makes a channel of the team. A direct one is there once for its people: then that is given. */
export async function teamChannelCreate({ db, identity, clock }: Context, given: unknown) {
  const checked = validate(schema, given);
  if (isRefusal(checked)) return checked;
  const input = checked.value;
  const founder = userOf(identity);
  if (identity.kind !== 'STAFF' || !founder) return fail('NOT_PERMITTED', 'A member of the store makes channels.');
  const members = [...new Set([founder, ...(input.memberIds ?? [])])].toSorted();
  const problems = input.visibility === 'DIRECT' ? directProblems(input, members) : namedProblems(input);
  if (problems.length > 0) return refuse(problems);
  return db.write(async (tx) => {
    const others = members.filter((id) => id !== founder);
    const known = await activeMembers(tx, others);
    const stranger = (input.memberIds ?? []).findIndex((id) => id !== founder && !known.has(id));
    if (stranger >= 0) return fail('NOT_FOUND', 'The store has no such active member.', ['memberIds', String(stranger)]);
    return create(tx, input, members, personOf(identity), clock.now());
  });
}

type ShapeCode = 'REQUIRED' | 'INVALID' | 'TOO_LONG';

function directProblems(input: Input, members: readonly Id<'usr'>[]): Problem<ShapeCode>[] {
  const named = (['name', 'slug', 'description'] as const).filter((field) => input[field]);
  const problems = named.map((field): Problem<ShapeCode> => ({
    code: 'INVALID',
    message: 'A direct channel is named by its people.',
    field: [field],
  }));
  if (members.length < 2) problems.push({ code: 'REQUIRED', message: 'Name somebody else.', field: ['memberIds'] });
  if (members.length > mostDirect) problems.push({ code: 'TOO_LONG', message: 'Must have at most 7 items.', field: ['memberIds'] });
  return problems;
}

const namedProblems = (input: Input): Problem<ShapeCode>[] =>
  (['name', 'slug'] as const)
    .filter((field) => !input[field])
    .map((field) => ({ code: 'REQUIRED', message: 'Is required.', field: [field] }));

async function create(
  tx: Tx,
  input: Input,
  members: readonly Id<'usr'>[],
  by: Person,
  at: Date,
): Promise<Result<{ id: Id<'cnv'> }, 'SLUG_TAKEN'>> {
  const direct = input.visibility === 'DIRECT';
  const directKey = direct ? members.join(' ') : null;
  const channel = await insertConversation(
    tx,
    {
      type: 'TEAM',
      customerId: null,
      subject: input.name ?? null,
      visibility: input.visibility,
      slug: input.slug ?? null,
      description: input.description ?? null,
      readers: input.visibility === 'PUBLIC' ? null : [...members],
      directKey,
    },
    by,
    at,
  );
  if (!channel) return directKey ? ok(await directOf(tx, directKey)) : slugTaken();
  const changes = await join(
    tx,
    channel,
    members.map((userId) => ({ kind: 'STORE', userId })),
  );
  await record(tx, channel, { changes, by, at });
  return ok({ id: channel.id });
}

/** The one that was there first. */
async function directOf(tx: Tx, directKey: string): Promise<{ id: Id<'cnv'> }> {
  const found = first(
    await tx
      .select({ id: conversations.id })
      .from(conversations)
      .where(own(tx, conversations, eq(conversations.directKey, directKey))),
  );
  if (!found) throw new Error('A direct channel is neither new nor there');
  return found;
}

export const slugTaken = () => fail('SLUG_TAKEN', 'Another channel has this short name.', ['slug']);
