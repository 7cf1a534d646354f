import { describe, expect, it } from 'vitest';
import { messagingHarness } from '../../../test/desk.ts';

const messaging = await messagingHarness();
const desk = messaging.desk();

describe('conversationSubjectSet', () => {
  it('says what it is about, and tells the customer', async () => {
    const anna = await desk.customer();
    const conversationId = await desk.conversation(anna);
    await desk.done('conversationSubjectSet', { conversationId, subject: ' Lantern ' });
    await desk.done('conversationSubjectSet', { conversationId, subject: 'Lantern' });
    expect(await anna.client.data('query ($id: ID!) { conversation(id: $id) { subject sequence } }', { id: conversationId })).toEqual({
      conversation: { subject: 'Lantern', sequence: 3 },
    });
    expect(await desk.mutate('conversationSubjectSet', { conversationId }, 'conversation { subject }')).toMatchObject({
      conversation: { subject: null },
    });
  });

  it('answers bad input with a code and the field, and changes nothing', async () => {
    const conversationId = await desk.conversation(await desk.customer());
    expect(await desk.refused('conversationSubjectSet', { conversationId, subject: 'x'.repeat(201) })).toEqual([['TOO_LONG', 'subject']]);
    expect(await desk.refused('conversationSubjectSet', { conversationId, subject: 'a\nb' })).toEqual([['INVALID', 'subject']]);
    for (const strange of await messaging.strangeConversations())
      expect(await desk.refused('conversationSubjectSet', { conversationId: strange })).toEqual([['NOT_FOUND', 'conversationId']]);
  });
});
