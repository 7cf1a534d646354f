import { describe, expect, it } from 'vitest';
import { changesOf, key, messagingHarness } from '../../../test/desk.ts';

const messaging = await messagingHarness();
const desk = messaging.desk();

describe('conversationMerge', () => {
  it('lets one go over into another: closed, found through it, and what the customer writes comes there', async () => {
    const anna = await desk.customer();
    const [merged, survivor] = [await desk.conversation(anna, { content: 'One.' }), await desk.conversation(anna, { content: 'Two.' })];
    const clientId = key();
    const early = await desk.send(merged, { clientId, content: 'Before.' }, anna.client);
    const select = 'conversation { id waitingSince mergedConversations { id status mergedInto { id } messages { nodes { content } } } }';
    const { conversation } = await desk.done<{ conversation: Record<string, unknown> }>(
      'conversationMerge',
      { conversationId: merged, intoId: survivor },
      select,
    );
    expect(conversation).toEqual({
      id: survivor,
      waitingSince: expect.any(String),
      mergedConversations: [
        { id: merged, status: 'CLOSED', mergedInto: { id: survivor }, messages: { nodes: [{ content: 'One.' }, { content: 'Before.' }] } },
      ],
    });
    expect((await changesOf(desk, merged)).slice(-2)).toEqual(['CLOSED 4', 'MERGED']);
    expect((await changesOf(desk, survivor)).at(-1)).toBe('MERGED');
    const late = await desk.send(merged, { content: 'After.' }, anna.client);
    expect(await desk.staff.data('query ($id: ID!) { message(id: $id) { conversation { id } } }', { id: late })).toEqual({
      message: { conversation: { id: survivor } },
    });
    // Sent before the merge, and again after it: the same message.
    expect(await desk.send(merged, { clientId, content: 'Before.' }, anna.client)).toBe(early);
    expect(await desk.send(survivor, { content: 'About that.', replyToId: early })).toEqual(expect.any(String));
  });

  it('holds when two are merged into each other at the same moment', async () => {
    const anna = await desk.customer();
    const [one, other] = [await desk.conversation(anna), await desk.conversation(anna)];
    const both = await Promise.all([
      desk.mutate('conversationMerge', { conversationId: one, intoId: other }),
      desk.mutate('conversationMerge', { conversationId: other, intoId: one }),
    ]);
    expect(both.flatMap(({ userErrors }) => userErrors.map(({ code }) => code))).toEqual(['CONVERSATION_MERGED']);
  });

  it('loses nothing that the customer writes while two are merged, and parted again', async () => {
    const anna = await desk.customer();
    const [one, other] = [await desk.conversation(anna), await desk.conversation(anna)];
    for (const [conversationId, intoId] of [
      [one, other],
      [other, one],
    ] as const) {
      const write = () => Promise.all([one, other, one, other].map((id) => desk.send(id, {}, anna.client)));
      await Promise.all([write(), desk.done('conversationMerge', { conversationId, intoId })]);
      await Promise.all([write(), desk.done('conversationUnmerge', { conversationId })]);
    }
    const { conversations } = await anna.client.data<{ conversations: { nodes: { messageCount: number }[] } }>(
      '{ conversations { nodes { messageCount } } }',
    );
    expect(conversations.nodes.reduce((sum, { messageCount }) => sum + messageCount, 0)).toBe(2 + 16);
  });

  it('answers bad input with a code and the field, and changes nothing', async () => {
    const anna = await desk.customer();
    const [one, other, bens] = [
      await desk.conversation(anna),
      await desk.conversation(anna),
      await desk.conversation(await desk.customer()),
    ];
    const merge = (conversationId: string, intoId: string) => desk.refused('conversationMerge', { conversationId, intoId });
    expect(await merge(one, one)).toEqual([['SAME_CONVERSATION', 'intoId']]);
    expect(await merge(one, bens)).toEqual([['DIFFERENT_PEOPLE', 'intoId']]);
    for (const strange of await messaging.strangeConversations()) {
      expect(await merge(strange, one)).toEqual([['NOT_FOUND', 'conversationId']]);
      expect(await merge(one, strange)).toEqual([['NOT_FOUND', 'intoId']]);
    }
    await desk.done('conversationMerge', { conversationId: one, intoId: other });
    expect(await merge(one, other)).toEqual([['CONVERSATION_MERGED', null]]);
    const agent = await desk.member();
    const mutation = 'mutation ($input: ConversationMergeInput!) { conversationMerge(input: $input) { conversation { id } } }';
    expect(await agent.client.codes(mutation, { input: { conversationId: other, intoId: one } })).toEqual(['FORBIDDEN']);
    for (const [name, input] of [
      ['messageSend', { content: 'x', clientId: key() }],
      ['conversationReopen', {}],
      ['conversationLabelsSet', { labels: ['x'] }],
    ] as const)
      expect(await desk.refused(name, { conversationId: one, ...input })).toEqual([['CONVERSATION_MERGED', null]]);
  });
});
