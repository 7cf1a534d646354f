import { newId } from '@storegraph/core';
import { describe, expect, it } from 'vitest';
import { changesOf, messagingHarness } from '../../../test/desk.ts';

const messaging = await messagingHarness();
const desk = messaging.desk();

describe('participantAdd', () => {
  it('lets a member take part, once, and tells the staff', async () => {
    const bo = await desk.member();
    const conversationId = await desk.conversation(await desk.customer());
    const added = await desk.done(
      'participantAdd',
      { conversationId, userId: bo.id },
      'conversation { participants { person { kind id } active lastReadSequence } }',
    );
    expect(added).toMatchObject({
      conversation: {
        participants: [
          { person: { kind: 'CUSTOMER' } },
          { person: { kind: 'STORE', id: desk.staffId } },
          { person: { kind: 'STORE', id: bo.id }, active: true, lastReadSequence: 0 },
        ],
      },
    });
    expect((await changesOf(desk, conversationId)).at(-1)).toBe('PARTICIPANT_ADDED');
  });

  it('opens a private channel to who is added', async () => {
    const [bo, cy] = [await desk.member(), await desk.member()];
    const { channel } = await desk.done<{ channel: { id: string } }>(
      'teamChannelCreate',
      { visibility: 'PRIVATE', name: 'P', slug: 'p' },
      undefined,
      bo.client,
    );
    const ask = 'query ($id: ID!) { conversation(id: $id) { id } }';
    expect(await cy.client.data(ask, channel)).toEqual({ conversation: null });
    await desk.done('participantAdd', { conversationId: channel.id, userId: cy.id }, undefined, bo.client);
    expect(await cy.client.data(ask, channel)).toEqual({ conversation: { id: channel.id } });
  });

  it('answers bad input with a code and the field, and changes nothing', async () => {
    const [bo, cy] = [await desk.member(), await desk.member()];
    const conversationId = await desk.conversation(await desk.customer());
    const outsider = await messaging.desk().member();
    for (const userId of ['nonsense', newId('usr'), outsider.id])
      expect(await desk.refused('participantAdd', { conversationId, userId })).toEqual([['NOT_FOUND', 'userId']]);
    await desk.done('participantAdd', { conversationId, userId: bo.id });
    expect(await desk.refused('participantAdd', { conversationId, userId: bo.id })).toEqual([['ALREADY_TAKES_PART', 'userId']]);
    const direct = await desk.done<{ channel: { id: string } }>(
      'teamChannelCreate',
      { visibility: 'DIRECT', memberIds: [cy.id] },
      undefined,
      bo.client,
    );
    expect(await desk.refused('participantAdd', { conversationId: direct.channel.id, userId: desk.staffId }, bo.client)).toEqual([
      ['DIRECT_CHANNEL', null],
    ]);
    for (const strange of await messaging.strangeConversations())
      expect(await desk.refused('participantAdd', { conversationId: strange, userId: bo.id })).toEqual([['NOT_FOUND', 'conversationId']]);
  });
});
