import { newId } from '@storegraph/core';
import { describe, expect, it } from 'vitest';
import { changesOf, messagingHarness } from '../../../test/desk.ts';

const messaging = await messagingHarness();
const desk = messaging.desk();

describe('messageEdit', () => {
  it('changes an own message for both, and keeps for staff what it said', async () => {
    const anna = await desk.customer();
    const conversationId = await desk.conversation(anna);
    const messageId = await desk.send(conversationId, { content: 'Teh lantern.' }, anna.client);
    const select = 'message { id content editedAt }';
    const edit = () => desk.mutate('messageEdit', { messageId, content: 'The lantern.' }, select, anna.client);
    const edited = { message: { id: messageId, content: 'The lantern.', editedAt: expect.any(String) }, userErrors: [] };
    expect(await edit()).toEqual(edited);
    expect(await edit()).toEqual(edited);
    expect((await changesOf(desk, conversationId)).slice(-2)).toEqual(['MESSAGE_ADDED 3', 'MESSAGE_EDITED 4']);
    const ask = 'query ($id: ID!) { message(id: $id) { revisions { content actor { kind id } } } }';
    expect(await desk.staff.data(ask, { id: messageId })).toEqual({
      message: { revisions: [{ content: 'Teh lantern.', actor: { kind: 'CUSTOMER', id: anna.id } }] },
    });
    expect(await anna.client.codes(ask, { id: messageId })).toEqual(['FORBIDDEN']);
  });

  it('tells the customer nothing of a note that is edited', async () => {
    const conversationId = await desk.conversation(await desk.customer());
    const messageId = await desk.send(conversationId, { internal: true });
    await desk.done('messageEdit', { messageId, content: 'Other.' });
    expect((await changesOf(desk, conversationId)).slice(-2)).toEqual(['MESSAGE_ADDED', 'MESSAGE_EDITED']);
  });

  it('answers bad input with a code and the field, and changes nothing', async () => {
    const [anna, bo, other] = [await desk.customer(), await desk.member('OWNER'), messaging.desk()];
    const conversationId = await desk.conversation(anna);
    const messageId = await desk.send(conversationId);
    const note = await desk.send(conversationId, { internal: true });
    const foreign = await other.send(await other.conversation(await other.customer()));
    const edit = (input: object, client = desk.staff) => desk.refused('messageEdit', { messageId, content: 'x', ...input }, client);
    expect(await edit({ content: ' ' })).toEqual([['REQUIRED', 'content']]);
    expect(await edit({ content: 'x'.repeat(10_001) })).toEqual([['TOO_LONG', 'content']]);
    for (const id of ['nonsense', newId('msg'), foreign]) expect(await edit({ messageId: id })).toEqual([['NOT_FOUND', 'messageId']]);
    expect(await edit({ messageId: note }, anna.client)).toEqual([['NOT_FOUND', 'messageId']]);
    expect(await edit({}, (await desk.customer()).client)).toEqual([['NOT_FOUND', 'messageId']]);
    for (const { client } of [anna, bo]) expect(await edit({}, client)).toEqual([['NOT_OWN', null]]);
    await desk.done('messageDelete', { messageId });
    expect(await edit({})).toEqual([['MESSAGE_DELETED', null]]);
    expect(await changesOf(desk, conversationId)).toHaveLength(6);
  });
});
