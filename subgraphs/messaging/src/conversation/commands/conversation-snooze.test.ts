import { own } from '@storegraph/database';
import { eq } from 'drizzle-orm';
import { conversations } from '../tables.ts';
import { wakeSnoozed } from '../wake.ts';
import { describe, expect, it } from 'vitest';
import { changesOf, messagingHarness } from '../../../test/desk.ts';

const messaging = await messagingHarness();
const desk = messaging.desk();

describe('conversationSnooze', () => {
  it('lets a conversation sleep until its time, or until the customer writes; the customer sees it open all along', async () => {
    const anna = await desk.customer();
    const [first, second] = [await desk.conversation(anna), await desk.conversation(anna)];
    const until = new Date(Date.now() + 3_600_000).toISOString();
    for (const conversationId of [first, second])
      expect(await desk.mutate('conversationSnooze', { conversationId, until }, 'conversation { status snoozedUntil }')).toEqual({
        conversation: { status: 'SNOOZED', snoozedUntil: until },
        userErrors: [],
      });
    const ask = 'query ($id: ID!) { conversation(id: $id) { status sequence } }';
    expect(await anna.client.data(ask, { id: first })).toEqual({ conversation: { status: 'OPEN', sequence: 2 } });
    await desk.send(second, {}, anna.client);
    expect(await changesOf(desk, second)).toEqual([
      'STARTED 1',
      'PARTICIPANT_ADDED',
      'MESSAGE_ADDED 2',
      'SNOOZED',
      'REOPENED',
      'MESSAGE_ADDED 3',
    ]);
    await desk.write((tx) =>
      tx
        .update(conversations)
        .set({ snoozedUntil: new Date(0) })
        .where(own(tx, conversations, eq(conversations.id, first))),
    );
    await messaging.runJob(wakeSnoozed);
    await messaging.runJob(wakeSnoozed);
    expect(await desk.staff.data(ask, { id: first })).toEqual({ conversation: { status: 'OPEN', sequence: 5 } });
    expect(await changesOf(desk, first)).toEqual(['STARTED 1', 'PARTICIPANT_ADDED', 'MESSAGE_ADDED 2', 'SNOOZED', 'REOPENED']);
  });

  it('answers bad input with a code and the field, and changes nothing', async () => {
    const conversationId = await desk.conversation(await desk.customer());
    const until = new Date(Date.now() + 3_600_000).toISOString();
    const snooze = (at: Date) => desk.refused('conversationSnooze', { conversationId, until: at.toISOString() });
    expect(await snooze(new Date(0))).toEqual([['INVALID', 'until']]);
    expect(await snooze(new Date(Date.now() + 400 * 86_400_000))).toEqual([['INVALID', 'until']]);
    for (const strange of await messaging.strangeConversations())
      expect(await desk.refused('conversationSnooze', { conversationId: strange, until })).toEqual([['NOT_FOUND', 'conversationId']]);
    await desk.done('conversationClose', { conversationId });
    expect(await desk.refused('conversationSnooze', { conversationId, until })).toEqual([['CONVERSATION_CLOSED', null]]);
    expect(await changesOf(desk, conversationId)).toHaveLength(4);
  });
});
