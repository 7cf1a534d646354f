import { describe, expect, it } from 'vitest';
import { messagingHarness } from '../../../test/desk.ts';

const messaging = await messagingHarness();
const desk = messaging.desk();

describe('conversationPrioritySet', () => {
  it('says how urgent it is, for staff alone', async () => {
    const anna = await desk.customer();
    const conversationId = await desk.conversation(anna);
    const set = () => desk.mutate('conversationPrioritySet', { conversationId, priority: 'URGENT' }, 'conversation { priority sequence }');
    expect(await set()).toEqual({ conversation: { priority: 'URGENT', sequence: 4 }, userErrors: [] });
    expect(await set()).toMatchObject({ conversation: { sequence: 4 } });
    expect(await anna.client.codes('query ($id: ID!) { conversation(id: $id) { priority } }', { id: conversationId })).toEqual([
      'FORBIDDEN',
    ]);
    expect(await anna.client.codes('{ conversations(filter: { priority: [URGENT] }) { totalCount } }')).toEqual(['FORBIDDEN']);
  });

  it('answers bad input with a code and the field, and changes nothing', async () => {
    await desk.conversation(await desk.customer());
    for (const strange of await messaging.strangeConversations())
      expect(await desk.refused('conversationPrioritySet', { conversationId: strange, priority: 'LOW' })).toEqual([
        ['NOT_FOUND', 'conversationId'],
      ]);
  });
});
