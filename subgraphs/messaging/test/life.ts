import type { Id } from '@storegraph/core';
import { own } from '@storegraph/database';
import { identity } from '@storegraph/testing';
import { asc, eq } from 'drizzle-orm';
import fc from 'fast-check';
import { expect } from 'vitest';
import { publicStatus, type ConversationStatus } from '../src/conversation/conversation.ts';
import { conversationEvents, type ConversationEventRow } from '../src/conversation/tables.ts';
import { key, type Desk, type MessagingHarness, type Somebody } from './desk.ts';

// What must hold of every conversation, whatever people do in it.

/** A store's desk, and the database behind it. */
export interface Place {
  readonly messaging: MessagingHarness;
  readonly desk: Desk;
}

type Seen = {
  readonly sequence: number;
  readonly status: ConversationStatus;
  readonly messageCount: number;
  readonly lastMessageAt: string;
  readonly updatedAt: string;
  readonly unreadCount: number;
  readonly participation: { readonly lastReadSequence: number } | null;
  readonly messages: { readonly nodes: readonly Message[] };
};
type Message = {
  readonly id: string;
  readonly sequence: number;
  readonly actor: { readonly kind: string; readonly id: string | null };
  readonly createdAt: string;
  readonly deletedAt: string | null;
};

const look = async (who: Somebody, id: string): Promise<Seen> =>
  (
    await who.client.data<{ conversation: Seen }>(
      `query ($id: ID!) { conversation(id: $id) { sequence status messageCount lastMessageAt updatedAt unreadCount participation { lastReadSequence }
        messages(last: 100) { nodes { id sequence actor { kind id } createdAt deletedAt } } } }`,
      { id },
    )
  ).conversation;

/** The changes that the identity's own policies let through. */
async function changesSeenBy(
  { messaging }: Place,
  who: ReturnType<typeof identity.customer>,
  id: Id<'cnv'>,
): Promise<ConversationEventRow[]> {
  const db = messaging.pool.session({ domain: 'messaging', identity: who, correlationId: key(), origin: 'LIVE' });
  try {
    return await db.read((tx) =>
      tx
        .select()
        .from(conversationEvents)
        .where(own(tx, conversationEvents, eq(conversationEvents.conversationId, id)))
        .orderBy(asc(conversationEvents.sequence)),
    );
  } finally {
    await db.end();
  }
}

const dense = (length: number) => Array.from({ length }, (_, index) => index + 1);

/** Of all that is shown of a conversation: that it follows from its numbered changes alone, for staff and for the customer. */
async function follows(place: Place, id: Id<'cnv'>, anna: Somebody<Id<'cus'>>, staff: readonly Somebody[]): Promise<void> {
  const all = await changesSeenBy(place, identity.staff(place.desk.storeId), id);
  const shown = await changesSeenBy(place, identity.customer(place.desk.storeId, anna.id), id);
  expect(all.map(({ sequence }) => sequence)).toEqual(dense(all.length));
  expect(shown.map(({ publicSequence }) => publicSequence)).toEqual(dense(shown.length));
  expect(shown).toEqual(all.filter(({ publicSequence }) => publicSequence !== null));
  const secret: readonly string[] = ['PENDED', 'SNOOZED', 'ASSIGNED', 'UNASSIGNED', 'LABELS_CHANGED', 'PARTICIPANT_ADDED'];
  expect(shown.filter(({ kind }) => secret.includes(kind))).toEqual([]);

  for (const who of [anna, ...staff]) {
    const seen = await look(who, id);
    const customer = who === anna;
    const changes = customer ? shown : all;
    const numberOf = (change: ConversationEventRow) => (customer ? change.publicSequence : change.sequence);
    const added = changes.filter(({ kind }) => kind === 'MESSAGE_ADDED');
    expect(seen.sequence).toBe(changes.length);
    expect(seen.messageCount).toBe(added.length);
    expect(seen.messages.nodes.map(({ id: message, sequence }) => [message, sequence])).toEqual(
      added.map((change) => [change.messageId, numberOf(change)]),
    );
    expect(seen.updatedAt).toBe(changes.at(-1)?.createdAt.toISOString());
    expect(seen.lastMessageAt).toBe(added.at(-1)?.createdAt.toISOString());
    const state: Readonly<Record<string, ConversationStatus>> = {
      PENDED: 'PENDING',
      SNOOZED: 'SNOOZED',
      CLOSED: 'CLOSED',
      REOPENED: 'OPEN',
    };
    const status = changes.reduce((before, { kind }) => state[kind] ?? before, 'OPEN' as ConversationStatus);
    expect(seen.status).toBe(customer ? publicStatus(status) : status);
    const mark = seen.participation?.lastReadSequence ?? 0;
    const mine = ({ actor }: Message) => (customer ? actor.kind === 'CUSTOMER' : actor.id === who.id);
    expect(seen.unreadCount).toBe(
      seen.messages.nodes.filter((message) => message.sequence > mark && !mine(message) && !message.deletedAt).length,
    );
  }
}

/** That many people write into one conversation at once. */
export async function writeAtOnce(place: Place, many: number): Promise<void> {
  const { desk } = place;
  const anna = await desk.customer();
  const members = await Promise.all(Array.from({ length: many - 1 }, () => desk.member()));
  const id = await desk.conversation(anna);
  const sent = await Promise.all(
    [anna, ...members].map(async (who, index) => {
      const internal = index % 3 === 1;
      const messageId = await desk.send(id, { internal, content: String(index) }, who.client);
      if (index % 5 === 0) await desk.mutate('conversationRead', { conversationId: id }, undefined, who.client);
      return messageId;
    }),
  );
  expect(new Set(sent).size).toBe(many);
  await follows(place, id, anna, members.slice(0, 2));
  expect((await look({ id: desk.staffId, client: desk.staff }, id)).messageCount).toBe(many + 1);
}

const actions = ['send', 'send', 'note', 'edit', 'delete', 'read', 'read', 'assign', 'close', 'reopen', 'pend', 'snooze', 'label'] as const;
const step = fc.record({ action: fc.constantFrom(...actions), who: fc.nat(2), pick: fc.nat(99) });

/** A customer and two of the staff do something in turn, in so many conversations. */
export async function doWhatever(place: Place, conversations: number): Promise<void> {
  const { desk } = place;
  const [bo, cy] = [await desk.member('OWNER'), await desk.member('AGENT')];
  const until = new Date(Date.now() + 3_600_000).toISOString();
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 15 }), async (steps) => {
      const anna = await desk.customer();
      const people = [anna, bo, cy] as const;
      const id = await desk.conversation(anna);
      for (const { action, who, pick } of steps) {
        const person = people[who] ?? anna;
        const staff = person === anna ? bo : person;
        const { sequence, messages } = await look(person, id);
        const messageId = messages.nodes[pick % messages.nodes.length]?.id;
        const conversationId = id;
        const input: Record<(typeof actions)[number], [string, object, Somebody]> = {
          send: ['messageSend', { conversationId, content: 'x', clientId: key() }, person],
          note: ['messageSend', { conversationId, content: 'x', clientId: key(), internal: true }, staff],
          edit: ['messageEdit', { messageId, content: String(pick) }, person],
          delete: ['messageDelete', { messageId }, person],
          read: ['conversationRead', { conversationId, upTo: pick % (sequence + 3) }, person],
          assign: ['conversationAssign', { conversationId, assigneeId: pick % 2 === 0 ? staff.id : null }, staff],
          close: ['conversationClose', { conversationId }, staff],
          reopen: ['conversationReopen', { conversationId }, staff],
          pend: ['conversationPend', { conversationId }, staff],
          snooze: ['conversationSnooze', { conversationId, until }, staff],
          label: ['conversationLabelsSet', { conversationId, labels: [String(pick)] }, staff],
        };
        const [name, given, by] = input[action];
        // What is refused, for its state or its owner, changes nothing: that is seen below.
        await desk.mutate(name, given, undefined, by.client);
      }
      await follows(place, id, anna, [bo, cy]);
    }),
    { numRuns: conversations },
  );
}
