import { toUuid } from '@storegraph/core';
import { expect, it } from 'vitest';
import { messagingHarness } from './desk.ts';

const messaging = await messagingHarness();
const desk = messaging.desk();

it('tells other domains what happened in a conversation, and never what was said', async () => {
  const [anna, bo] = [await desk.customer(), await desk.member()];
  const conversationId = await desk.conversation(anna, { subject: 'Confidential subject', content: 'Confidential first' });
  await desk.done('conversationAssign', { conversationId, assigneeId: bo.id });
  const note = await desk.send(conversationId, { content: 'Confidential note', internal: true, mentionIds: [bo.id] });
  await desk.done('conversationPend', { conversationId });
  await desk.done('conversationClose', { conversationId });
  const back = await desk.send(conversationId, { content: 'Confidential answer' }, anna.client);
  const log = await messaging.admin<{ type: string; payload: Record<string, unknown>; all: string }>(
    `select type, payload, l::text as all from events.log l where store_id = $1::uuid and producer = 'messaging' and type <> 'activity.recorded' order by ordinal`,
    [toUuid(desk.storeId)],
  );
  const common = { conversationId, type: 'STORE_CUSTOMER', channel: 'CHAT', customerId: anna.id };
  const staff = { kind: 'STORE', id: desk.staffId };
  const customer = { kind: 'CUSTOMER', id: anna.id };
  const text = { ...common, kind: 'TEXT', origin: null, mentions: [], internal: false, direction: 'OUTBOUND' };
  expect(log.map(({ type, payload }) => [type, payload])).toEqual([
    ['conversation.started', { ...common, sequence: 1, by: staff }],
    ['message.sent', { ...text, messageId: expect.any(String), sequence: 3, publicSequence: 2, by: staff }],
    ['conversation.assigned', { ...common, sequence: 5, assigneeId: bo.id, assignmentVersion: 1, by: staff }],
    ['message.sent', { ...text, messageId: note, sequence: 6, publicSequence: null, internal: true, mentions: [bo.id], by: staff }],
    ['conversation.closed', { ...common, sequence: 8, mergedIntoId: null, by: staff }],
    ['conversation.reopened', { ...common, sequence: 9, by: customer }],
    ['message.sent', { ...text, messageId: back, sequence: 10, publicSequence: 5, direction: 'INBOUND', by: customer }],
  ]);
  expect(log.filter(({ all }) => all.includes('Confidential'))).toEqual([]);
});
