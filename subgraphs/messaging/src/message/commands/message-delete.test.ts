import { newId } from '@storegraph/core';
import { describe, expect, it } from 'vitest';
import { changesOf, messagingHarness } from '../../../test/desk.ts';

const messaging = await messagingHarness();
const desk = messaging.desk();

describe('messageDelete', () => {
  it('leaves a gap for both, and for staff what it said', async () => {
    const anna = await desk.customer();
    const conversationId = await desk.conversation(anna);
    const messageId = await desk.send(conversationId, { content: 'My card is 4111…' }, anna.client);
    await desk.done('messageDelete', { messageId }, undefined, anna.client);
    const ask = 'query ($id: ID!) { message(id: $id) { content deletedAt } conversation(id: "CNV") { messageCount unreadCount } }'.replace(
      'CNV',
      conversationId,
    );
    expect(await anna.client.data(ask, { id: messageId })).toEqual({
      message: { content: '', deletedAt: expect.any(String) },
      conversation: { messageCount: 2, unreadCount: 1 },
    });
    expect(await desk.staff.data(ask, { id: messageId })).toMatchObject({ conversation: { messageCount: 2, unreadCount: 0 } });
    expect(await desk.staff.data('query ($id: ID!) { message(id: $id) { revisions { content } } }', { id: messageId })).toEqual({
      message: { revisions: [{ content: 'My card is 4111…' }] },
    });
    expect((await changesOf(desk, conversationId)).slice(-2)).toEqual(['MESSAGE_ADDED 3', 'MESSAGE_DELETED 4']);
    expect(await desk.staff.data('{ messageSearch(query: "4111") { nodes { id } } }')).toEqual({ messageSearch: { nodes: [] } });
  });

  it("is for one's own, and with conversations:manage for any", async () => {
    const [agent, manager] = [await desk.member('AGENT'), await desk.member('MANAGER')];
    const messageId = await desk.send(await desk.conversation(await desk.customer()));
    expect(await desk.refused('messageDelete', { messageId }, agent.client)).toEqual([['NOT_OWN', null]]);
    expect(await desk.mutate('messageDelete', { messageId }, 'message { id }', manager.client)).toEqual({
      message: { id: messageId },
      userErrors: [],
    });
  });

  it('answers bad input with a code and the field, and changes nothing', async () => {
    const [anna, other] = [await desk.customer(), messaging.desk()];
    const conversationId = await desk.conversation(anna);
    const [messageId, note] = [await desk.send(conversationId), await desk.send(conversationId, { internal: true })];
    const foreign = await other.send(await other.conversation(await other.customer()));
    for (const id of ['nonsense', newId('msg'), foreign])
      expect(await desk.refused('messageDelete', { messageId: id })).toEqual([['NOT_FOUND', 'messageId']]);
    expect(await desk.refused('messageDelete', { messageId: note }, anna.client)).toEqual([['NOT_FOUND', 'messageId']]);
    expect(await desk.refused('messageDelete', { messageId }, anna.client)).toEqual([['NOT_OWN', null]]);
    await desk.done('messageDelete', { messageId });
    expect(await desk.refused('messageDelete', { messageId })).toEqual([['MESSAGE_DELETED', null]]);
    expect(await changesOf(desk, conversationId)).toHaveLength(6);
  });
});
