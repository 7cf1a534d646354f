import { describe, expect, it } from 'vitest';
import { changesOf, messagingHarness } from '../../../test/desk.ts';

const messaging = await messagingHarness();
const desk = messaging.desk();

describe('conversationUnmerge', () => {
  it('lets both go on by themselves, with what was written meanwhile where it was written', async () => {
    const anna = await desk.customer();
    const [open, closed, survivor] = [await desk.conversation(anna), await desk.conversation(anna), await desk.conversation(anna)];
    await desk.done('conversationClose', { conversationId: closed });
    for (const conversationId of [open, closed]) await desk.done('conversationMerge', { conversationId, intoId: survivor });
    await desk.send(open, { content: 'Meanwhile.' }, anna.client);
    const select = 'conversation { id status mergedInto { id } messageCount }';
    expect(await desk.mutate('conversationUnmerge', { conversationId: open }, select)).toEqual({
      conversation: { id: open, status: 'OPEN', mergedInto: null, messageCount: 1 },
      userErrors: [],
    });
    expect(await desk.mutate('conversationUnmerge', { conversationId: closed }, select)).toMatchObject({
      conversation: { status: 'CLOSED' },
    });
    expect((await changesOf(desk, open)).slice(-4)).toEqual(['CLOSED 3', 'MERGED', 'UNMERGED', 'REOPENED 4']);
    expect((await changesOf(desk, closed)).slice(-3)).toEqual(['CLOSED 3', 'MERGED', 'UNMERGED']);
    const ask = 'query ($id: ID!) { conversation(id: $id) { messageCount mergedConversations { id } } }';
    expect(await desk.staff.data(ask, { id: survivor })).toEqual({ conversation: { messageCount: 2, mergedConversations: [] } });
  });

  it('answers bad input with a code and the field, and changes nothing', async () => {
    const conversationId = await desk.conversation(await desk.customer());
    expect(await desk.refused('conversationUnmerge', { conversationId })).toEqual([['NOT_MERGED', null]]);
    for (const strange of await messaging.strangeConversations())
      expect(await desk.refused('conversationUnmerge', { conversationId: strange })).toEqual([['NOT_FOUND', 'conversationId']]);
  });
});
