import { newId } from '@storegraph/core';
import { identity } from '@storegraph/testing';
import { describe, expect, it } from 'vitest';
import { changesOf, key, messagingHarness } from '../../../test/desk.ts';

const messaging = await messagingHarness();
const desk = messaging.desk();

describe('messageSend', () => {
  it('adds to the conversation, and gives staff and customer numbers of their own', async () => {
    const anna = await desk.customer();
    const conversationId = await desk.conversation(anna);
    const note = await desk.send(conversationId, { content: 'Was cross on the phone.', internal: true });
    await desk.send(conversationId, { content: 'Where is it?' }, anna.client);
    const list = `query ($id: ID!) { conversation(id: $id) { sequence messageCount status unreadCount
      messages(first: 10) { totalCount nodes { id sequence content direction actor { kind id } } } } }`;
    const staff = await desk.staff.data<{ conversation: { messages: { nodes: { sequence: number }[] } } }>(list, { id: conversationId });
    expect(staff).toEqual({
      conversation: {
        // Begun, the starter takes part, the first message, the note, the question.
        sequence: 5,
        messageCount: 3,
        status: 'OPEN',
        unreadCount: 1,
        messages: {
          totalCount: 3,
          nodes: [
            {
              id: expect.any(String),
              sequence: 3,
              content: 'Good morning.',
              direction: 'OUTBOUND',
              actor: { kind: 'STORE', id: desk.staffId },
            },
            {
              id: note,
              sequence: 4,
              content: 'Was cross on the phone.',
              direction: 'OUTBOUND',
              actor: { kind: 'STORE', id: desk.staffId },
            },
            {
              id: expect.any(String),
              sequence: 5,
              content: 'Where is it?',
              direction: 'INBOUND',
              actor: { kind: 'CUSTOMER', id: anna.id },
            },
          ],
        },
      },
    });
    expect(await anna.client.data(list, { id: conversationId })).toEqual({
      conversation: {
        sequence: 3,
        messageCount: 2,
        status: 'OPEN',
        unreadCount: 1,
        messages: {
          totalCount: 2,
          nodes: [
            { id: expect.any(String), sequence: 2, content: 'Good morning.', direction: 'OUTBOUND', actor: { kind: 'STORE', id: null } },
            {
              id: expect.any(String),
              sequence: 3,
              content: 'Where is it?',
              direction: 'INBOUND',
              actor: { kind: 'CUSTOMER', id: anna.id },
            },
          ],
        },
      },
    });
    expect(await anna.client.data('query ($id: ID!) { message(id: $id) { id } }', { id: note })).toEqual({ message: null });
  });

  it('takes the same message again as the same message, also at the same moment, whatever has become of it since', async () => {
    const anna = await desk.customer();
    const [conversationId, other] = [await desk.conversation(anna), await desk.conversation(anna)];
    const input = { conversationId, content: 'Once.', clientId: key() };
    const ids = await Promise.all(Array.from({ length: 8 }, () => desk.send(conversationId, input, anna.client)));
    expect(new Set(ids).size).toBe(1);
    const [messageId] = ids;
    await desk.done('messageEdit', { messageId, content: 'Twice.' }, undefined, anna.client);
    expect(await desk.send(conversationId, input, anna.client)).toBe(messageId);
    expect(await desk.refused('messageSend', { ...input, content: 'Twice.' }, anna.client)).toEqual([['CLIENT_ID_REUSED', 'clientId']]);
    expect(await desk.refused('messageSend', { ...input, conversationId: other }, anna.client)).toEqual([['CLIENT_ID_REUSED', 'clientId']]);
    await desk.done('messageDelete', { messageId }, undefined, anna.client);
    expect(await desk.send(conversationId, input, anna.client)).toBe(messageId);
    // Somebody else's key of the same name is another.
    expect(await desk.send(conversationId, input)).not.toBe(messageId);
    const ask = 'query ($id: ID!) { message(id: $id) { clientId } }';
    expect(await anna.client.data(ask, { id: messageId })).toEqual({ message: { clientId: input.clientId } });
    expect(await desk.staff.data(ask, { id: messageId })).toEqual({ message: { clientId: null } });
  });

  it('refuses one of two that are sent under one key into two conversations at the same moment', async () => {
    const anna = await desk.customer();
    const conversations = [await desk.conversation(anna), await desk.conversation(anna)];
    const clientId = key();
    const answers = await Promise.all(
      conversations.map((conversationId) =>
        desk.mutate('messageSend', { conversationId, content: 'x', clientId }, 'message { id }', anna.client),
      ),
    );
    expect(answers.flatMap(({ userErrors }) => userErrors)).toEqual([{ code: 'CLIENT_ID_REUSED', field: ['clientId'] }]);
  });

  it('lets who is mentioned take part, answers, and counts the time until staff answer', async () => {
    const [anna, bo] = [await desk.customer(), await desk.member()];
    const conversationId = await desk.conversation(anna);
    const question = await desk.send(conversationId, { content: 'Why?' }, anna.client);
    const note = await desk.send(conversationId, { content: 'Do you know?', internal: true, mentionIds: [bo.id], replyToId: question });
    const ask = `query ($id: ID!) { conversation(id: $id) { waitingSince firstReplyAt participants { user { id } }
      messages { nodes { internal mentions { id } replyTo { id } } } } }`;
    type Told = {
      conversation: { waitingSince: string | null; firstReplyAt: string; participants: object[]; messages: { nodes: object[] } };
    };
    const before = await desk.staff.data<Told>(ask, { id: conversationId });
    expect(before.conversation.waitingSince).not.toBeNull();
    expect(before.conversation.participants.at(-1)).toEqual({ user: { id: bo.id } });
    expect(before.conversation.messages.nodes.at(-1)).toEqual({ internal: true, mentions: [{ id: bo.id }], replyTo: { id: question } });
    await desk.send(conversationId, { replyToId: question }, bo.client);
    const after = await desk.staff.data<Told>(ask, { id: conversationId });
    expect(after.conversation.waitingSince).toBeNull();
    expect(after.conversation.firstReplyAt).toBe(before.conversation.firstReplyAt);
    expect(await desk.refused('messageSend', { conversationId, content: 'x', clientId: key(), replyToId: note })).toEqual([
      ['REPLY_TO_NOTE', 'replyToId'],
    ]);
    expect(await desk.refused('messageSend', { conversationId, content: 'x', clientId: key(), replyToId: note }, anna.client)).toEqual([
      ['NOT_FOUND', 'replyToId'],
    ]);
  });

  it('answers bad input with a code and the field, and adds nothing', async () => {
    const [anna, ben] = [await desk.customer(), await desk.customer()];
    const conversationId = await desk.conversation(anna);
    const elsewhere = await desk.send(await desk.conversation(ben));
    const send = (input: object, client = desk.staff) =>
      desk.refused('messageSend', { conversationId, content: 'x', clientId: key(), ...input }, client);
    expect(await send({ content: ' \n ' })).toEqual([['REQUIRED', 'content']]);
    expect(await send({ content: 'x'.repeat(10_001) })).toEqual([['TOO_LONG', 'content']]);
    expect(await send({ content: 'a\u0000b' })).toEqual([['INVALID', 'content']]);
    expect(await send({ clientId: '' })).toEqual([['REQUIRED', 'clientId']]);
    expect(await send({ clientId: 'x'.repeat(101) })).toEqual([['TOO_LONG', 'clientId']]);
    expect(await send({ mentionIds: Array.from({ length: 51 }, () => desk.staffId) })).toEqual([['TOO_LONG', 'mentionIds']]);
    expect(await send({ mentionIds: [newId('usr')] })).toEqual([['NOT_FOUND', 'mentionIds.0']]);
    for (const replyToId of ['nonsense', newId('msg'), elsewhere]) expect(await send({ replyToId })).toEqual([['NOT_FOUND', 'replyToId']]);
    for (const id of await messaging.strangeConversations())
      expect(await send({ conversationId: id })).toEqual([['NOT_FOUND', 'conversationId']]);
    expect(await send({}, ben.client)).toEqual([['NOT_FOUND', 'conversationId']]);
    expect(await send({ internal: true }, anna.client)).toEqual([['NOT_PERMITTED', 'internal']]);
    expect(await send({ mentionIds: [desk.staffId] }, anna.client)).toEqual([['NOT_PERMITTED', 'mentionIds']]);
    await desk.done('conversationClose', { conversationId });
    expect(await send({})).toEqual([['CONVERSATION_CLOSED', null]]);
    expect(await send({ internal: true })).toEqual([['CONVERSATION_CLOSED', null]]);
    const nobody = desk.as(identity.anonymous(desk.storeId));
    expect(await nobody.codes('query ($id: ID!) { conversation(id: $id) { id } }', { id: conversationId })).toEqual(['UNAUTHENTICATED']);
    expect(await changesOf(desk, conversationId)).toHaveLength(4);
  });
});
