import { describe, expect, it } from 'vitest';
import { messagingHarness } from '../../../test/desk.ts';

const messaging = await messagingHarness();

describe('teamChannelUnarchive', () => {
  it('brings a channel back', async () => {
    const shop = messaging.desk();
    const channel = async (slug: string) =>
      (await shop.done<{ channel: { id: string } }>('teamChannelCreate', { visibility: 'PUBLIC', name: slug, slug })).channel.id;
    const channelId = await channel('one');
    await shop.done('teamChannelArchive', { channelId });
    expect(await shop.mutate('teamChannelUnarchive', { channelId }, 'channel { archivedAt }')).toEqual({
      channel: { archivedAt: null },
      userErrors: [],
    });
    await shop.send(channelId);
  });

  it('answers bad input with a code and the field, and changes nothing', async () => {
    const shop = messaging.desk();
    const channel = async (slug: string) =>
      (await shop.done<{ channel: { id: string } }>('teamChannelCreate', { visibility: 'PUBLIC', name: slug, slug })).channel.id;
    expect(await shop.refused('teamChannelUnarchive', { channelId: await channel('one') })).toEqual([['NOT_ARCHIVED', null]]);
    for (const id of await messaging.strangeConversations())
      expect(await shop.refused('teamChannelUnarchive', { channelId: id })).toEqual([['NOT_FOUND', 'channelId']]);
  });
});
