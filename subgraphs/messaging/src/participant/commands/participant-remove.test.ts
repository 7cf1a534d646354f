import { newId } from '@storegraph/core';
import { describe, expect, it } from 'vitest';
import { changesOf, messagingHarness } from '../../../test/desk.ts';

const messaging = await messagingHarness();
const desk = messaging.desk();

describe('participantRemove', () => {
  it('takes somebody out, and out of a private channel also oneself', async () => {
    const [bo, cy] = [await desk.member(), await desk.member()];
    const { channel } = await desk.done<{ channel: { id: string } }>(
      'teamChannelCreate',
      { visibility: 'PRIVATE', name: 'P', slug: 'p', memberIds: [cy.id] },
      undefined,
      bo.client,
    );
    const remove = (userId: string) =>
      desk.mutate('participantRemove', { conversationId: channel.id, userId }, 'conversation { participants { user { id } } }', bo.client);
    expect(await remove(cy.id)).toEqual({ conversation: { participants: [{ user: { id: bo.id } }] }, userErrors: [] });
    expect(await cy.client.data('query ($id: ID!) { conversation(id: $id) { id } }', channel)).toEqual({ conversation: null });
    expect(await remove(bo.id)).toEqual({ conversation: null, userErrors: [] });
    expect((await changesOf(desk, channel.id)).slice(-2)).toEqual(['PARTICIPANT_REMOVED', 'PARTICIPANT_REMOVED']);
  });

  it('answers bad input with a code and the field, and changes nothing', async () => {
    const bo = await desk.member();
    const conversationId = await desk.conversation(await desk.customer());
    for (const userId of ['nonsense', newId('usr'), bo.id])
      expect(await desk.refused('participantRemove', { conversationId, userId })).toEqual([['NOT_FOUND', 'userId']]);
    await desk.done('participantRemove', { conversationId, userId: desk.staffId });
    expect(await desk.refused('participantRemove', { conversationId, userId: desk.staffId })).toEqual([['NOT_FOUND', 'userId']]);
    for (const strange of await messaging.strangeConversations())
      expect(await desk.refused('participantRemove', { conversationId: strange, userId: bo.id })).toEqual([
        ['NOT_FOUND', 'conversationId'],
      ]);
  });
});
