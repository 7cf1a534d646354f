import { describe, expect, it } from 'vitest';
import { changesOf, messagingHarness } from '../../../test/desk.ts';

const messaging = await messagingHarness();
const desk = messaging.desk();

describe('conversationReopen', () => {
  it('opens what is closed, and what waits; of the latter the customer is not told', async () => {
    const conversationId = await desk.conversation(await desk.customer());
    await desk.done('conversationPend', { conversationId });
    expect(await desk.mutate('conversationReopen', { conversationId }, 'conversation { status }')).toEqual({
      conversation: { status: 'OPEN' },
      userErrors: [],
    });
    await desk.done('conversationClose', { conversationId });
    await desk.done('conversationReopen', { conversationId });
    expect((await changesOf(desk, conversationId)).slice(3)).toEqual(['PENDED', 'REOPENED', 'CLOSED 3', 'REOPENED 4']);
  });

  it('answers bad input with a code and the field, and changes nothing', async () => {
    const conversationId = await desk.conversation(await desk.customer());
    expect(await desk.refused('conversationReopen', { conversationId })).toEqual([['ALREADY_OPEN', null]]);
    for (const strange of await messaging.strangeConversations())
      expect(await desk.refused('conversationReopen', { conversationId: strange })).toEqual([['NOT_FOUND', 'conversationId']]);
  });
});
