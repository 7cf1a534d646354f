import { randomUUID } from 'node:crypto';
import type { Sealer } from '@storegraph/auth';
import { fromUuid } from '@storegraph/core';
import type { TestClient } from '../../src/client.ts';
import type { GraphHarness, SeededStore } from '../../src/graph.ts';
import { done, once } from './making.ts';

type Maker = () => Promise<string | null | undefined>;

/** Ways to a row each of what people say to each other: a new one whenever it is asked for. */
export function talkOf(
  { id: storeId, owner }: SeededStore,
  sealer: Sealer,
  customerId: () => Promise<string>,
): Readonly<Record<string, Maker>> {
  const start = async () => {
    const input = { type: 'STORE_CUSTOMER', customerId: await customerId(), content: 'Your lamp is here.', idempotencyKey: randomUUID() };
    const selection = 'conversation { id messages(first: 1) { nodes { id } } }';
    const { conversation } = await done<{ conversation: { id: string; messages: { nodes: { id: string }[] } } }>(
      owner,
      'conversationStart',
      input,
      selection,
    );
    return { conversationId: conversation.id, messageId: conversation.messages.nodes[0]?.id };
  };
  const conversation = once(start);
  const channelId = async () => {
    const input = { visibility: 'PUBLIC', name: 'Plans', slug: `plans-${randomUUID().slice(0, 8)}` };
    return (await done<{ channel: { id: string } }>(owner, 'teamChannelCreate', input, 'channel { id }')).channel.id;
  };
  const macroId = async () => {
    const input = { title: `Hello ${randomUUID().slice(0, 8)}`, content: 'Hello {{ customer }}' };
    return (await done<{ macro: { id: string } }>(owner, 'macroCreate', input, 'macro { id }')).macro.id;
  };
  const scheduledMessageId = async () => {
    const { conversationId } = await conversation();
    const sendAt = new Date(Date.now() + 3_600_000).toISOString();
    const input = { conversationId, content: 'Good evening.', sendAt, idempotencyKey: randomUUID() };
    const made = await done<{ scheduledMessage: { id: string } }>(owner, 'messageSchedule', input, 'scheduledMessage { id }');
    return made.scheduledMessage.id;
  };
  return {
    conversationId: async () => (await conversation()).conversationId,
    // Before everything that was said.
    conversationStart: async () => sealer.seal('0', `messaging|conversation|${storeId}|${(await conversation()).conversationId}`),
    messageId: async () => (await conversation()).messageId,
    intoId: async () => (await start()).conversationId,
    channelId,
    macroId,
    scheduledMessageId,
  };
}

/** What a store has of e-mail. */
export async function mailOf(graph: GraphHarness, owner: TestClient, storeUuid: string): Promise<Readonly<Record<string, string>>> {
  const [first] = await graph.admin<{ id: string }>(
    "select id from messaging.email_templates where code = 'order-placed' and language = 'en'",
  );
  const settings = { fromName: 'Nordlys', fromEmail: 'shop@example.com' };
  const { settings: made } = await done<{ settings: { id: string } }>(owner, 'emailSettingsUpdate', settings, 'settings { id }');
  const words = {
    code: 'order-placed',
    language: 'en',
    subject: 'Thank you',
    format: 'HTML',
    source: '<p>{{ number }} {{ link }} {{ units }} {{ placedAt }} {{ subtotal }} {{ total }}</p>',
  };
  const { template } = await done<{ template: { id: string } }>(owner, 'storeEmailTemplateSave', words, 'template { id }');
  const test = { code: 'order-placed', language: 'en', recipient: 'ada@example.com', idempotencyKey: randomUUID() };
  await done(owner, 'emailTemplateTestSend', test, 'email { id }');
  const [sent] = await graph.admin<{ id: string }>('select id from messaging.email_logs where store_id = $1 limit 1', [storeUuid]);
  return {
    emailTemplateId: fromUuid('etp', first?.id ?? ''),
    emailSettingsId: made.id,
    storeEmailTemplateId: template.id,
    emailLogId: fromUuid('eml', sent?.id ?? ''),
  };
}
