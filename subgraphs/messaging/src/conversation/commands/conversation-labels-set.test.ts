import { describe, expect, it } from 'vitest';
import { messagingHarness } from '../../../test/desk.ts';

const messaging = await messagingHarness();
const desk = messaging.desk();

describe('conversationLabelsSet', () => {
  it('sets all labels, once each, for staff alone', async () => {
    const anna = await desk.customer();
    const conversationId = await desk.conversation(anna);
    const set = (labels: string[]) => desk.mutate('conversationLabelsSet', { conversationId, labels }, 'conversation { labels sequence }');
    expect(await set(['returns', ' billing ', 'returns'])).toEqual({
      conversation: { labels: ['billing', 'returns'], sequence: 4 },
      userErrors: [],
    });
    expect(await set(['returns', 'billing'])).toMatchObject({ conversation: { sequence: 4 } });
    expect(await set(['vip'])).toEqual({ conversation: { labels: ['vip'], sequence: 5 }, userErrors: [] });
    expect(await desk.staff.data('{ conversations(filter: { label: "vip" }) { nodes { id } } }')).toEqual({
      conversations: { nodes: [{ id: conversationId }] },
    });
    expect(await desk.staff.data('{ conversations(filter: { label: "returns" }) { totalCount } }')).toEqual({
      conversations: { totalCount: 0 },
    });
    expect(await anna.client.codes('query ($id: ID!) { conversation(id: $id) { labels } }', { id: conversationId })).toEqual(['FORBIDDEN']);
  });

  it('answers bad input with a code and the field, and changes nothing', async () => {
    const conversationId = await desk.conversation(await desk.customer());
    expect(await desk.refused('conversationLabelsSet', { conversationId, labels: ['ok', ' '] })).toEqual([['REQUIRED', 'labels.1']]);
    expect(await desk.refused('conversationLabelsSet', { conversationId, labels: ['x'.repeat(51)] })).toEqual([['TOO_LONG', 'labels.0']]);
    expect(
      await desk.refused('conversationLabelsSet', { conversationId, labels: Array.from({ length: 21 }, (_, n) => String(n)) }),
    ).toEqual([['TOO_LONG', 'labels']]);
    for (const strange of await messaging.strangeConversations())
      expect(await desk.refused('conversationLabelsSet', { conversationId: strange, labels: [] })).toEqual([
        ['NOT_FOUND', 'conversationId'],
      ]);
  });
});
