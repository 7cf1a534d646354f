import { identity } from '@storegraph/testing';
import { describe, expect, it } from 'vitest';
import { messagingHarness } from '../../../test/desk.ts';

const messaging = await messagingHarness();
const desk = messaging.desk();

describe('conversationRead', () => {
  it('moves a mark on and never back, nor beyond the last number, and takes no number', async () => {
    const anna = await desk.customer();
    const conversationId = await desk.conversation(anna);
    for (let n = 0; n < 3; n++) await desk.send(conversationId, {}, anna.client);
    await desk.send(conversationId, { internal: true });
    await desk.send(conversationId);
    const read = async (input: object, client = desk.staff) =>
      (
        await desk.done<{ conversation: object }>(
          'conversationRead',
          { conversationId, ...input },
          'conversation { sequence unreadCount participation { lastReadSequence active } }',
          client,
        )
      ).conversation;
    expect(await read({ upTo: 4 })).toEqual({ sequence: 8, unreadCount: 2, participation: { lastReadSequence: 4, active: true } });
    expect(await read({ upTo: 2 })).toMatchObject({ unreadCount: 2, participation: { lastReadSequence: 4 } });
    expect(await read({ upTo: 99 })).toMatchObject({ unreadCount: 0, participation: { lastReadSequence: 8 } });
    // The customer counts without the note.
    expect(await read({ upTo: 0 }, anna.client)).toEqual({
      sequence: 6,
      unreadCount: 2,
      participation: { lastReadSequence: 0, active: true },
    });
    expect(await read({ upTo: 2 }, anna.client)).toMatchObject({ unreadCount: 1 });
    expect(await read({}, anna.client)).toMatchObject({ unreadCount: 0, participation: { lastReadSequence: 6 } });
  });

  it('lets a member read along without taking part, and each for themselves', async () => {
    const [anna, bo] = [await desk.customer(), await desk.member()];
    const conversationId = await desk.conversation(anna);
    const select = 'conversation { unreadCount participation { active } participants { user { id } } }';
    const both = await Promise.all(
      [2, 3].map((upTo) => desk.done<{ conversation: object }>('conversationRead', { conversationId, upTo }, select, bo.client)),
    );
    expect(both[0]?.conversation).toMatchObject({
      participation: { active: false },
      participants: [{ user: null }, { user: { id: desk.staffId } }],
    });
    expect(
      await bo.client.data('query ($id: ID!) { conversation(id: $id) { unreadCount participation { lastReadSequence } } }', {
        id: conversationId,
      }),
    ).toEqual({
      conversation: { unreadCount: 0, participation: { lastReadSequence: 3 } },
    });
    expect(await anna.client.data('{ conversations(filter: { unread: true }) { totalCount } }')).toEqual({
      conversations: { totalCount: 1 },
    });
  });

  it('answers bad input with a code and the field, and changes nothing', async () => {
    const anna = await desk.customer();
    const conversationId = await desk.conversation(anna);
    expect(await desk.refused('conversationRead', { conversationId, upTo: -1 })).toEqual([['INVALID', 'upTo']]);
    const key = desk.as(identity.apiKey(desk.storeId, ['conversations:read']));
    expect(await desk.refused('conversationRead', { conversationId }, key)).toEqual([['NOT_PERMITTED', null]]);
    expect(await desk.refused('conversationRead', { conversationId }, (await desk.customer()).client)).toEqual([
      ['NOT_FOUND', 'conversationId'],
    ]);
    for (const strange of await messaging.strangeConversations())
      expect(await desk.refused('conversationRead', { conversationId: strange })).toEqual([['NOT_FOUND', 'conversationId']]);
  });
});
