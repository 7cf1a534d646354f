import { describe, expect, it } from 'vitest';
import { changesOf, messagingHarness } from '../../../test/desk.ts';

const messaging = await messagingHarness();
const desk = messaging.desk();

describe('conversationClose', () => {
  it('closes for both, until the customer writes again', async () => {
    const anna = await desk.customer();
    const conversationId = await desk.conversation(anna);
    await desk.send(conversationId, {}, anna.client);
    const select = 'conversation { status closedBy { kind id } waitingSince availableTransitions { name allowed reason } }';
    const closed = await desk.done<{ conversation: { availableTransitions: { name: string }[] } }>(
      'conversationClose',
      { conversationId },
      select,
    );
    expect(closed.conversation).toMatchObject({ status: 'CLOSED', closedBy: { kind: 'STORE', id: desk.staffId }, waitingSince: null });
    expect(closed.conversation.availableTransitions).toContainEqual({ name: 'messageSend', allowed: false, reason: 'CONVERSATION_CLOSED' });
    expect(closed.conversation.availableTransitions).toContainEqual({ name: 'conversationReopen', allowed: true, reason: null });
    const ask = 'query ($id: ID!) { conversation(id: $id) { status closedAt sequence } }';
    expect(await anna.client.data(ask, { id: conversationId })).toEqual({
      conversation: { status: 'CLOSED', closedAt: expect.any(String), sequence: 4 },
    });
    await desk.send(conversationId, {}, anna.client);
    expect(await anna.client.data(ask, { id: conversationId })).toEqual({ conversation: { status: 'OPEN', closedAt: null, sequence: 6 } });
    expect((await changesOf(desk, conversationId)).slice(-3)).toEqual(['CLOSED 4', 'REOPENED 5', 'MESSAGE_ADDED 6']);
  });

  it('answers bad input with a code and the field, and changes nothing', async () => {
    const anna = await desk.customer();
    const conversationId = await desk.conversation(anna);
    await desk.done('conversationClose', { conversationId });
    expect(await desk.refused('conversationClose', { conversationId })).toEqual([['ALREADY_CLOSED', null]]);
    for (const strange of await messaging.strangeConversations())
      expect(await desk.refused('conversationClose', { conversationId: strange })).toEqual([['NOT_FOUND', 'conversationId']]);
    const member = await desk.member();
    const channel = await desk.done<{ channel: { id: string } }>(
      'teamChannelCreate',
      { visibility: 'PUBLIC', name: 'All', slug: 'all' },
      undefined,
      member.client,
    );
    expect(await desk.refused('conversationClose', { conversationId: channel.channel.id })).toEqual([['NOT_IN_INBOX', null]]);
    expect(
      await anna.client.codes('mutation ($input: ConversationCloseInput!) { conversationClose(input: $input) { conversation { id } } }', {
        input: { conversationId },
      }),
    ).toEqual(['FORBIDDEN']);
  });
});
