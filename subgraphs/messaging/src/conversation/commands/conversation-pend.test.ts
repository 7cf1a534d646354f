import { describe, expect, it } from 'vitest';
import { changesOf, messagingHarness } from '../../../test/desk.ts';

const messaging = await messagingHarness();
const desk = messaging.desk();

describe('conversationPend', () => {
  it('marks that a conversation waits, which the customer is not told', async () => {
    const anna = await desk.customer();
    const conversationId = await desk.conversation(anna);
    expect(await desk.mutate('conversationPend', { conversationId }, 'conversation { status }')).toEqual({
      conversation: { status: 'PENDING' },
      userErrors: [],
    });
    expect(await anna.client.data('query ($id: ID!) { conversation(id: $id) { status sequence } }', { id: conversationId })).toEqual({
      conversation: { status: 'OPEN', sequence: 2 },
    });
    expect((await changesOf(desk, conversationId)).at(-1)).toBe('PENDED');
  });

  it('answers bad input with a code and the field, and changes nothing', async () => {
    const conversationId = await desk.conversation(await desk.customer());
    await desk.done('conversationPend', { conversationId });
    expect(await desk.refused('conversationPend', { conversationId })).toEqual([['ALREADY_PENDING', null]]);
    await desk.done('conversationClose', { conversationId });
    expect(await desk.refused('conversationPend', { conversationId })).toEqual([['CONVERSATION_CLOSED', null]]);
    for (const strange of await messaging.strangeConversations())
      expect(await desk.refused('conversationPend', { conversationId: strange })).toEqual([['NOT_FOUND', 'conversationId']]);
  });
});
