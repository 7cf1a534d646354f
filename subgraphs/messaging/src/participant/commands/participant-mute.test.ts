import { identity } from '@storegraph/testing';
import { describe, expect, it } from 'vitest';
import { changesOf, messagingHarness } from '../../../test/desk.ts';

const messaging = await messagingHarness();
const desk = messaging.desk();

describe('participantMute', () => {
  it('sets how the caller is told of what is new, and takes no number', async () => {
    const [anna, bo] = [await desk.customer(), await desk.member()];
    const conversationId = await desk.conversation(anna);
    const select = 'participation { person { kind } active muted emailNotifications }';
    const mute = (input: object, client: typeof anna.client) =>
      desk.mutate('participantMute', { conversationId, ...input }, select, client);
    expect(await mute({ muted: true }, anna.client)).toEqual({
      participation: { person: { kind: 'CUSTOMER' }, active: true, muted: true, emailNotifications: true },
      userErrors: [],
    });
    expect(await mute({ emailNotifications: false }, anna.client)).toMatchObject({
      participation: { muted: true, emailNotifications: false },
    });
    expect(await mute({ muted: true }, bo.client)).toMatchObject({
      participation: { person: { kind: 'STORE' }, active: false, muted: true },
    });
    expect(await changesOf(desk, conversationId)).toHaveLength(3);
  });

  it('answers bad input with a code and the field, and changes nothing', async () => {
    const anna = await desk.customer();
    const conversationId = await desk.conversation(anna);
    expect(await desk.refused('participantMute', { conversationId })).toEqual([['REQUIRED', 'muted']]);
    const key = desk.as(identity.apiKey(desk.storeId, ['conversations:read']));
    expect(await desk.refused('participantMute', { conversationId, muted: true }, key)).toEqual([['NOT_PERMITTED', null]]);
    expect(await desk.refused('participantMute', { conversationId, muted: true }, (await desk.customer()).client)).toEqual([
      ['NOT_FOUND', 'conversationId'],
    ]);
    for (const strange of await messaging.strangeConversations())
      expect(await desk.refused('participantMute', { conversationId: strange, muted: true })).toEqual([['NOT_FOUND', 'conversationId']]);
  });
});
