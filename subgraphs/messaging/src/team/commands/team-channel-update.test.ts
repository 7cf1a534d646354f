import { describe, expect, it } from 'vitest';
import { changesOf, messagingHarness } from '../../../test/desk.ts';

const messaging = await messagingHarness();

describe('teamChannelUpdate', () => {
  it('changes what is given, and nothing else', async () => {
    const shop = messaging.desk();
    const channel = async (slug: string) =>
      (await shop.done<{ channel: { id: string } }>('teamChannelCreate', { visibility: 'PUBLIC', name: slug, slug })).channel.id;
    const channelId = await channel('one');
    const update = (input: object) => shop.mutate('teamChannelUpdate', { channelId, ...input }, 'channel { subject slug description }');
    expect(await update({ name: 'Two', description: 'For two.' })).toEqual({
      channel: { subject: 'Two', slug: 'one', description: 'For two.' },
      userErrors: [],
    });
    expect(await update({ description: null })).toMatchObject({ channel: { subject: 'Two', description: null } });
    expect((await changesOf(shop, channelId)).slice(-3)).toEqual(['SUBJECT_CHANGED', 'DESCRIPTION_CHANGED', 'DESCRIPTION_CHANGED']);
  });

  it('answers bad input with a code and the field, and changes nothing', async () => {
    const shop = messaging.desk();
    const channel = async (slug: string) =>
      (await shop.done<{ channel: { id: string } }>('teamChannelCreate', { visibility: 'PUBLIC', name: slug, slug })).channel.id;
    const [channelId, bo] = [await channel('one'), await shop.member()];
    await channel('two');
    const update = (input: object) => shop.refused('teamChannelUpdate', { channelId, ...input });
    expect(await update({ name: ' ' })).toEqual([['REQUIRED', 'name']]);
    expect(await update({ slug: '-' })).toEqual([['INVALID', 'slug']]);
    expect(await update({ slug: 'two' })).toEqual([['SLUG_TAKEN', 'slug']]);
    for (const id of [await shop.conversation(await shop.customer()), ...(await messaging.strangeConversations())])
      expect(await update({ channelId: id })).toEqual([['NOT_FOUND', 'channelId']]);
    const direct = await shop.done<{ channel: { id: string } }>('teamChannelCreate', { visibility: 'DIRECT', memberIds: [bo.id] });
    expect(await update({ channelId: direct.channel.id, name: 'x' })).toEqual([['DIRECT_CHANNEL', null]]);
    await shop.done('teamChannelArchive', { channelId });
    expect(await update({ name: 'x' })).toEqual([['CHANNEL_ARCHIVED', null]]);
  });
});
