import { newId } from '@storegraph/core';
import { describe, expect, it } from 'vitest';
import { key, messagingHarness } from '../../../test/desk.ts';

const messaging = await messagingHarness();
const desk = messaging.desk();

describe('messageScheduleCancel', () => {
  const schedule = async (conversationId: string, on = desk, client = on.staff) =>
    (
      await on.done<{ scheduledMessage: { id: string } }>(
        'messageSchedule',
        { conversationId, content: 'x', sendAt: new Date(Date.now() + 3_600_000).toISOString(), idempotencyKey: key() },
        undefined,
        client,
      )
    ).scheduledMessage.id;

  it('keeps a message from being sent', async () => {
    const scheduledMessageId = await schedule(await desk.conversation(await desk.customer()));
    expect(await desk.mutate('messageScheduleCancel', { scheduledMessageId }, 'scheduledMessage { status }')).toEqual({
      scheduledMessage: { status: 'CANCELLED' },
      userErrors: [],
    });
    expect(await desk.refused('messageScheduleCancel', { scheduledMessageId })).toEqual([['NOT_SCHEDULED', null]]);
  });

  it('answers bad input with a code and the field, and changes nothing', async () => {
    const [bo, cy, other] = [await desk.member(), await desk.member(), messaging.desk()];
    const foreign = await schedule(await other.conversation(await other.customer()), other);
    const direct = await desk.done<{ channel: { id: string } }>(
      'teamChannelCreate',
      { visibility: 'DIRECT', memberIds: [cy.id] },
      undefined,
      bo.client,
    );
    const theirs = await schedule(direct.channel.id, desk, bo.client);
    for (const scheduledMessageId of ['nonsense', newId('smg'), foreign, theirs])
      expect(await desk.refused('messageScheduleCancel', { scheduledMessageId })).toEqual([['NOT_FOUND', 'scheduledMessageId']]);
  });
});
