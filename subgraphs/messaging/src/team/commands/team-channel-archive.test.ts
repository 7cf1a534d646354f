import { describe, expect, it } from 'vitest';
import { key, messagingHarness } from '../../../test/desk.ts';

const messaging = await messagingHarness();

describe('teamChannelArchive', () => {
  it('puts a channel away: it is read, and nothing is written', async () => {
    const shop = messaging.desk();
    const channel = async (slug: string) =>
      (await shop.done<{ channel: { id: string } }>('teamChannelCreate', { visibility: 'PUBLIC', name: slug, slug })).channel.id;
    const channelId = await channel('one');
    const messageId = await shop.send(channelId);
    expect(await shop.mutate('teamChannelArchive', { channelId }, 'channel { archivedAt messageCount }')).toEqual({
      channel: { archivedAt: expect.any(String), messageCount: 1 },
      userErrors: [],
    });
    expect(await shop.refused('messageSend', { conversationId: channelId, content: 'x', clientId: key() })).toEqual([
      ['CHANNEL_ARCHIVED', null],
    ]);
    expect(await shop.refused('messageEdit', { messageId, content: 'x' })).toEqual([['CHANNEL_ARCHIVED', null]]);
  });

  it('answers bad input with a code and the field, and changes nothing', async () => {
    const shop = messaging.desk();
    const channel = async (slug: string) =>
      (await shop.done<{ channel: { id: string } }>('teamChannelCreate', { visibility: 'PUBLIC', name: slug, slug })).channel.id;
    const [channelId, bo] = [await channel('one'), await shop.member()];
    await shop.done('teamChannelArchive', { channelId });
    expect(await shop.refused('teamChannelArchive', { channelId })).toEqual([['ALREADY_ARCHIVED', null]]);
    const direct = await shop.done<{ channel: { id: string } }>('teamChannelCreate', { visibility: 'DIRECT', memberIds: [bo.id] });
    expect(await shop.refused('teamChannelArchive', { channelId: direct.channel.id })).toEqual([['DIRECT_CHANNEL', null]]);
    for (const id of await messaging.strangeConversations())
      expect(await shop.refused('teamChannelArchive', { channelId: id })).toEqual([['NOT_FOUND', 'channelId']]);
  });
});
