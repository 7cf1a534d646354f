import { own } from '@storegraph/database';
import { eq, inArray } from 'drizzle-orm';
import { knownMembers } from '../../member/tables.ts';
import { sendScheduled } from '../jobs.ts';
import { scheduledMessages } from '../tables.ts';
import { describe, expect, it } from 'vitest';
import { changesOf, key, messagingHarness } from '../../../test/desk.ts';

const messaging = await messagingHarness();
const desk = messaging.desk();

describe('messageSchedule', () => {
  const later = () => new Date(Date.now() + 3_600_000).toISOString();
  const due = (id: string) =>
    desk.write((tx) =>
      tx
        .update(scheduledMessages)
        .set({ sendAt: new Date(0) })
        .where(own(tx, scheduledMessages, eq(scheduledMessages.id, id as `smg_${string}`))),
    );
  const schedule = async (conversationId: string, client = desk.staff) =>
    (
      await desk.done<{ scheduledMessage: { id: string } }>(
        'messageSchedule',
        { conversationId, content: 'Good morning!', sendAt: later(), idempotencyKey: key() },
        undefined,
        client,
      )
    ).scheduledMessage.id;

  it('sends once, at its time, as whoever scheduled it, however many workers look', async () => {
    const [anna, bo] = [await desk.customer(), await desk.member()];
    const conversationId = await desk.conversation(anna);
    const input = { conversationId, content: 'Good morning!', sendAt: later(), idempotencyKey: key() };
    const select = 'scheduledMessage { id status sendAt message { id } }';
    const planned = await desk.done<{ scheduledMessage: { id: string } }>('messageSchedule', input, select, bo.client);
    expect(planned.scheduledMessage).toEqual({ id: planned.scheduledMessage.id, status: 'SCHEDULED', sendAt: input.sendAt, message: null });
    expect(await desk.done('messageSchedule', input, select, bo.client)).toEqual(planned);
    const ask = `query ($id: ID!) { conversation(id: $id) { scheduledMessages { id } messages(last: 1) { nodes { content actor { id } } totalCount } } }`;
    await messaging.runJob(sendScheduled);
    expect(await desk.staff.data(ask, { id: conversationId })).toMatchObject({
      conversation: { scheduledMessages: [{ id: planned.scheduledMessage.id }], messages: { totalCount: 1 } },
    });
    await due(planned.scheduledMessage.id);
    await Promise.all([messaging.runJob(sendScheduled), messaging.runJob(sendScheduled), messaging.runJob(sendScheduled)]);
    expect(await desk.staff.data(ask, { id: conversationId })).toEqual({
      conversation: { scheduledMessages: [], messages: { nodes: [{ content: 'Good morning!', actor: { id: bo.id } }], totalCount: 2 } },
    });
    expect(await anna.client.codes(ask, { id: conversationId })).toContain('FORBIDDEN');
  });

  it('gives up what can not be sent any more, with the reason', async () => {
    const [gone, closed] = [await desk.member(), await desk.conversation(await desk.customer())];
    const open = await desk.conversation(await desk.customer());
    const ids = [await schedule(closed), await schedule(open, gone.client)];
    await desk.done('conversationClose', { conversationId: closed });
    await desk.write((tx) =>
      tx
        .update(knownMembers)
        .set({ active: false })
        .where(own(tx, knownMembers, eq(knownMembers.userId, gone.id))),
    );
    for (const id of ids) await due(id);
    await messaging.runJob(sendScheduled);
    const rows = await desk.write((tx) =>
      tx
        .select()
        .from(scheduledMessages)
        .where(own(tx, scheduledMessages, inArray(scheduledMessages.id, ids as `smg_${string}`[]))),
    );
    expect(ids.map((id) => rows.find((row) => row.id === id)).map((row) => [row?.status, row?.failure])).toEqual([
      ['FAILED', 'CONVERSATION_CLOSED'],
      ['FAILED', 'AUTHOR_GONE'],
    ]);
    expect(await changesOf(desk, open)).toHaveLength(3);
  });

  it('is not sent into a channel that its author has been taken out of', async () => {
    const [bo, cy] = [await desk.member(), await desk.member()];
    const input = { visibility: 'PRIVATE', name: 'Owners', slug: 'owners', memberIds: [bo.id, cy.id] };
    const { channel } = await desk.done<{ channel: { id: string } }>('teamChannelCreate', input);
    const ids = [await schedule(channel.id, bo.client), await schedule(channel.id, cy.client)];
    await desk.done('participantRemove', { conversationId: channel.id, userId: bo.id });
    for (const id of ids) await due(id);
    await messaging.runJob(sendScheduled);
    const shown = 'query ($id: ID!) { conversation(id: $id) { messages { nodes { actor { id } } } participants { person { id } } } }';
    type Shown = { conversation: { messages: object; participants: { person: { id: string } }[] } };
    const { conversation } = await desk.staff.data<Shown>(shown, { id: channel.id });
    expect(conversation.messages).toEqual({ nodes: [{ actor: { id: cy.id } }] });
    expect(conversation.participants.map(({ person }) => person.id).toSorted()).toEqual([desk.staffId, cy.id].toSorted());
  });

  it('answers bad input with a code and the field, and schedules nothing', async () => {
    const conversationId = await desk.conversation(await desk.customer());
    const refused = (input: object) =>
      desk.refused('messageSchedule', { conversationId, content: 'x', sendAt: later(), idempotencyKey: key(), ...input });
    expect(await refused({ content: ' ' })).toEqual([['REQUIRED', 'content']]);
    expect(await refused({ content: 'x'.repeat(10_001) })).toEqual([['TOO_LONG', 'content']]);
    expect(await refused({ sendAt: new Date(0).toISOString() })).toEqual([['INVALID', 'sendAt']]);
    expect(await refused({ sendAt: new Date(Date.now() + 400 * 86_400_000).toISOString() })).toEqual([['INVALID', 'sendAt']]);
    for (const id of await messaging.strangeConversations())
      expect(await refused({ conversationId: id })).toEqual([['NOT_FOUND', 'conversationId']]);
    await desk.done('conversationClose', { conversationId });
    expect(await refused({})).toEqual([['CONVERSATION_CLOSED', null]]);
    expect(
      await desk.staff.data('query ($id: ID!) { conversation(id: $id) { scheduledMessages { id } } }', { id: conversationId }),
    ).toEqual({
      conversation: { scheduledMessages: [] },
    });
  });
});
