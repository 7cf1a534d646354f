import type { Identity } from '@storegraph/auth';
import { identity } from '@storegraph/testing';
import fc from 'fast-check';
import { beforeAll, expect, it } from 'vitest';
import { key, messagingHarness, type Desk, type MessagingHarness } from './desk.ts';
import { follow, type Follower, type Told } from './followers.ts';

let messaging: MessagingHarness;
beforeAll(async () => {
  messaging = await messagingHarness();
});

const kinds = (told: readonly Told[]) => told.map(({ event }) => [event.sequence, event.kind]);
const cursorOf = async (client: Desk['staff'], id: string): Promise<string> => {
  const asked = 'query ($id: ID!) { cursor: conversationEventsCursor(conversationId: $id) }';
  return (await client.data<{ cursor: string }>(asked, { id })).cursor;
};

it('tells staff every change and the customer what is theirs to know, each without gaps, and behind a cursor exactly the rest', async () => {
  const desk = messaging.desk();
  const customer = await desk.customer();
  const shopper = identity.customer(desk.storeId, customer.id);
  const staff = identity.staff(desk.storeId);
  const id = await desk.conversation(customer);
  const [mine, theirs] = [await cursorOf(desk.staff, id), await cursorOf(customer.client, id)];
  const [inside, outside] = [follow(messaging, staff, id, mine), follow(messaging, shopper, id, theirs)];
  const told = [inside.take(6), outside.take(4)] as const;
  await desk.send(id, { content: 'Careful with this one.', internal: true });
  const shown = await desk.send(id, { content: 'How can I help?' });
  await desk.done('conversationPrioritySet', { conversationId: id, priority: 'HIGH' });
  await desk.send(id, { content: 'My lamp is broken.' }, customer.client);
  await desk.done('messageEdit', { messageId: shown, content: 'What can I do for you?' });
  await desk.done('conversationClose', { conversationId: id });
  const [all, some] = await Promise.all(told);
  const first = (all[0]?.event.sequence ?? 0) - 1;
  expect(kinds(all)).toEqual(
    ['MESSAGE_ADDED', 'MESSAGE_ADDED', 'PRIORITY_CHANGED', 'MESSAGE_ADDED', 'MESSAGE_EDITED', 'CLOSED'].map((kind, index) => [
      first + index + 1,
      kind,
    ]),
  );
  const begun = (some[0]?.event.sequence ?? 0) - 1;
  expect(kinds(some)).toEqual(
    ['MESSAGE_ADDED', 'MESSAGE_ADDED', 'MESSAGE_EDITED', 'CLOSED'].map((kind, index) => [begun + index + 1, kind]),
  );
  expect(JSON.stringify(some)).not.toContain('Careful');
  await Promise.all([inside.stop(), outside.stop()]);

  const again = follow(messaging, shopper, id, some[1]?.cursor);
  expect(kinds(await again.take(2))).toEqual(kinds(some.slice(2)));
  await again.stop();
  const fromInbox = follow(messaging, staff, id, all[3]?.cursor);
  expect(kinds(await fromInbox.take(2))).toEqual(kinds(all.slice(4)));
  await fromInbox.stop();
});

it('tells the inbox what happens in every conversation, in one order, and nothing of another store', async () => {
  const [desk, other] = [messaging.desk(), messaging.desk()];
  const cursor = async ({ staff }: Desk) => (await staff.data<{ inboxEventsCursor: string }>('{ inboxEventsCursor }')).inboxEventsCursor;
  const [here, there] = [await cursor(desk), await cursor(other)];
  const first = await desk.conversation(await desk.customer());
  const second = await desk.conversation(await desk.customer());
  await desk.send(first);
  const elsewhere = await other.conversation(await other.customer());
  const following = follow(messaging, identity.staff(desk.storeId), null, here);
  const told = await following.take(7);
  expect(told.map(({ event, conversation }) => [conversation?.id, event.kind])).toEqual([
    [first, 'STARTED'],
    [first, 'PARTICIPANT_ADDED'],
    [first, 'MESSAGE_ADDED'],
    [second, 'STARTED'],
    [second, 'PARTICIPANT_ADDED'],
    [second, 'MESSAGE_ADDED'],
    [first, 'MESSAGE_ADDED'],
  ]);
  await following.stop();
  const stranger = follow(messaging, identity.staff(other.storeId), null, there);
  expect((await stranger.take(1))[0]?.conversation?.id).toBe(elsewhere);
  await stranger.stop();
});

it('refuses a conversation that the caller may not know of as one that there is not, and a cursor of another feed', async () => {
  const [desk, other] = [messaging.desk(), messaging.desk()];
  const customer = await desk.customer();
  const id = await desk.conversation(customer);
  const another = await desk.conversation(await desk.customer());
  const ends = async (who: Identity, asked: string | null, after: string | null = null) => {
    const following = follow(messaging, who, asked, after);
    const end = await following.next();
    await following.stop();
    return end;
  };
  const shopper = identity.customer(desk.storeId, customer.id);
  expect(await ends(shopper, another)).toBe('NOT_FOUND');
  expect(await ends(identity.staff(other.storeId), id)).toBe('NOT_FOUND');
  expect(await ends(shopper, 'cnv_nonsense')).toBe('NOT_FOUND');
  expect(await ends(shopper, null)).toBe('FORBIDDEN');
  const cursor = await cursorOf(desk.staff, id);
  expect(await ends(identity.staff(desk.storeId), another, cursor)).toBe('BAD_REQUEST');
  expect(await ends(identity.staff(desk.storeId), null, cursor)).toBe('BAD_REQUEST');
});

it('ends to tell a member of a private channel who has been taken out of it', async () => {
  const desk = messaging.desk();
  const [inside, out] = [await desk.member(), await desk.member()];
  const input = { visibility: 'PRIVATE', name: 'Plans', slug: 'plans', memberIds: [inside.id, out.id] };
  const id = (await desk.done<{ channel: { id: string } }>('teamChannelCreate', input)).channel.id;
  const cursor = async (client: Desk['staff']) => (await client.data<{ c: string }>('{ c: inboxEventsCursor }')).c;
  const [his, hers] = [await cursor(out.client), await cursor(inside.client)];
  const whoIs = (userId: string): Identity => ({ ...identity.staff(desk.storeId, 'AGENT'), subjectId: userId as never });
  const [left, stays] = [follow(messaging, whoIs(out.id), null, his), follow(messaging, whoIs(inside.id), null, hers)];
  await desk.send(id, { content: 'Before.' });
  expect([(await left.take(1))[0]?.event.message?.content, (await stays.take(1))[0]?.event.message?.content]).toEqual([
    'Before.',
    'Before.',
  ]);
  await desk.done('participantRemove', { conversationId: id, userId: out.id });
  await desk.send(id, { content: 'After.' });
  const open = await desk.conversation(await desk.customer());
  const seen = await stays.take(2);
  expect(seen.map(({ event }) => event.kind)).toEqual(['PARTICIPANT_REMOVED', 'MESSAGE_ADDED']);
  // Of the channel the next would have been told before this.
  expect((await left.take(1))[0]?.conversation?.id).toBe(open);
  await Promise.all([left.stop(), stays.stop()]);
});

interface Seen {
  readonly messages: Map<string, string>;
  status: string | undefined;
  subject: string | null | undefined;
  sequence: number;
}

/** What a front end does with what it is told. */
function applied(seen: Seen, { event, conversation }: Told): void {
  expect(event.sequence).toBe(seen.sequence + 1);
  seen.sequence = event.sequence;
  if (event.message) seen.messages.set(event.message.id, event.message.deletedAt ? 'deleted' : (event.message.content ?? ''));
  if (conversation) [seen.status, seen.subject] = [conversation.status, conversation.subject];
}

it('gives whoever applies what was told the same picture as one who reads afresh, however often they were cut off', async () => {
  const action = fc.oneof(
    fc.record({ do: fc.constant('send' as const), as: fc.constantFrom('staff', 'customer'), note: fc.boolean() }),
    fc.record({ do: fc.constantFrom('edit', 'delete', 'close', 'reopen', 'pend', 'subject', 'label', 'cut'), pick: fc.nat() }),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(action, { minLength: 5, maxLength: 18 }), async (actions) => {
      const desk = messaging.desk();
      const customer = await desk.customer();
      const id = await desk.conversation(customer);
      const people = [
        { who: identity.staff(desk.storeId), client: desk.staff },
        { who: identity.customer(desk.storeId, customer.id), client: customer.client },
      ];
      const read = async (client: Desk['staff']) => {
        const query = `query ($id: ID!) { cursor: conversationEventsCursor(conversationId: $id)
          conversation(id: $id) { status subject sequence messages(first: 100) { nodes { id content deletedAt } } } }`;
        const { conversation, cursor } = await client.data<{
          cursor: string;
          conversation: {
            status: string;
            subject: string | null;
            sequence: number;
            messages: { nodes: { id: string; content: string | null; deletedAt: string | null }[] };
          };
        }>(query, { id });
        const { status, subject, sequence } = conversation;
        const messages = new Map(conversation.messages.nodes.map((node) => [node.id, node.deletedAt ? 'deleted' : (node.content ?? '')]));
        return { cursor, seen: { status, subject, sequence, messages } satisfies Seen };
      };
      const followers = await Promise.all(
        people.map(async ({ who, client }) => {
          const { cursor, seen } = await read(client);
          return { who, client, seen, cursor, open: undefined as Follower | undefined };
        }),
      );
      const catchUp = async () => {
        for (const follower of followers) {
          const { seen: now } = await read(follower.client);
          follower.open ??= follow(messaging, follower.who, id, follower.cursor);
          while (follower.seen.sequence < now.sequence) {
            const [told] = await follower.open.take(1);
            if (!told) throw new Error('Nothing was told.');
            follower.cursor = told.cursor;
            applied(follower.seen, told);
          }
        }
      };
      const sent: { id: string; client: Desk['staff'] }[] = [];
      for (const step of actions) {
        if (step.do === 'send') {
          const client = step.as === 'staff' ? desk.staff : customer.client;
          const internal = step.as === 'staff' && step.note;
          const answer = await desk.mutate<{ message: { id: string } | null }>(
            'messageSend',
            { conversationId: id, content: key(), clientId: key(), ...(internal ? { internal } : {}) },
            undefined,
            client,
          );
          if (answer.message) sent.push({ id: answer.message.id, client });
          continue;
        }
        const picked = sent[step.pick % Math.max(sent.length, 1)];
        if (step.do === 'edit' && picked)
          await desk.mutate('messageEdit', { messageId: picked.id, content: key() }, undefined, picked.client);
        if (step.do === 'delete' && picked) await desk.mutate('messageDelete', { messageId: picked.id }, undefined, picked.client);
        if (step.do === 'close') await desk.mutate('conversationClose', { conversationId: id });
        if (step.do === 'reopen') await desk.mutate('conversationReopen', { conversationId: id });
        if (step.do === 'pend') await desk.mutate('conversationPend', { conversationId: id });
        if (step.do === 'subject') await desk.mutate('conversationSubjectSet', { conversationId: id, subject: key() });
        if (step.do === 'label') await desk.mutate('conversationLabelsSet', { conversationId: id, labels: [key().slice(0, 8)] });
        if (step.do === 'cut') {
          await catchUp();
          const follower = followers[step.pick % followers.length];
          await follower?.open?.stop();
          if (follower) follower.open = undefined;
        }
      }
      await catchUp();
      for (const follower of followers) {
        expect(follower.seen).toEqual((await read(follower.client)).seen);
        await follower.open?.stop();
      }
    }),
    { numRuns: 4 },
  );
});
