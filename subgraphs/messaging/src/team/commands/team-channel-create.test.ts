import { newId } from '@storegraph/core';
import { identity } from '@storegraph/testing';
import { describe, expect, it } from 'vitest';
import { messagingHarness } from '../../../test/desk.ts';

const messaging = await messagingHarness();
const desk = messaging.desk();

describe('teamChannelCreate', () => {
  it('makes channels for all, for some, and one for the same two', async () => {
    const [bo, cy, dee] = [await desk.member(), await desk.member(), await desk.member()];
    const select = 'channel { id type visibility subject slug participants { user { id } } }';
    const create = async (input: object, client = bo.client) =>
      (await desk.done<{ channel: { id: string } }>('teamChannelCreate', input, select, client)).channel;
    const all = await create({ visibility: 'PUBLIC', name: 'General', slug: 'general' });
    expect(all).toEqual({
      id: all.id,
      type: 'TEAM',
      visibility: 'PUBLIC',
      subject: 'General',
      slug: 'general',
      participants: [{ user: { id: bo.id } }],
    });
    const some = await create({ visibility: 'PRIVATE', name: 'Wages', slug: 'wages', memberIds: [cy.id] });
    const [two, again] = await Promise.all([
      create({ visibility: 'DIRECT', memberIds: [cy.id] }),
      create({ visibility: 'DIRECT', memberIds: [bo.id] }, cy.client),
    ]);
    expect(two).toMatchObject({ visibility: 'DIRECT', subject: null, slug: null });
    expect(again.id).toBe(two.id);

    for (const id of [some.id, two.id]) await desk.send(id, { content: 'Secret plan.' }, bo.client);
    const key = desk.as(identity.apiKey(desk.storeId, ['conversations:read', 'conversations:write']));
    const list = '{ conversations(filter: { type: [TEAM] }, sort: { by: CREATED_AT, direction: ASC }) { nodes { id } totalCount } }';
    const found =
      '{ messageSearch(query: "secret plan") { totalCount } conversations(filter: { type: [TEAM], query: "secret" }) { totalCount } }';
    for (const [client, ids] of [
      [cy.client, [all.id, some.id, two.id]],
      [dee.client, [all.id]],
      [desk.staff, [all.id]],
      [key, [all.id]],
      [desk.platform().client, [all.id]],
    ] as const) {
      expect(await client.data(list)).toEqual({ conversations: { nodes: ids.map((id) => ({ id })), totalCount: ids.length } });
      const seen = ids.length - 1;
      expect(await client.data(found)).toEqual({ messageSearch: { totalCount: seen }, conversations: { totalCount: seen } });
    }
    const message = await desk.send(some.id, {}, cy.client);
    for (const client of [dee.client, key]) {
      expect(
        await client.data('query ($c: ID!, $m: ID!) { conversation(id: $c) { id } message(id: $m) { id } }', { c: some.id, m: message }),
      ).toEqual({ conversation: null, message: null });
      expect(await desk.refused('messageDelete', { messageId: message }, client)).toEqual([['NOT_FOUND', 'messageId']]);
    }
    expect(await desk.refused('conversationRead', { conversationId: some.id }, dee.client)).toEqual([['NOT_FOUND', 'conversationId']]);
    expect(await desk.refused('participantAdd', { conversationId: some.id, userId: dee.id }, dee.client)).toEqual([
      ['NOT_FOUND', 'conversationId'],
    ]);
    expect(await desk.staff.data('{ conversations { totalCount } }')).toEqual({ conversations: { totalCount: 0 } });
  });

  it('answers bad input with a code and the field, and makes nothing', async () => {
    const shop = messaging.desk();
    const bo = await shop.member();
    const create = (input: object, client = shop.staff) =>
      shop.refused('teamChannelCreate', { visibility: 'PUBLIC', name: 'A', slug: 'a', ...input }, client);
    expect(await create({ name: null, slug: null })).toEqual([
      ['REQUIRED', 'name'],
      ['REQUIRED', 'slug'],
    ]);
    expect(await create({ slug: 'Not So' })).toEqual([['INVALID', 'slug']]);
    expect(await create({ name: 'x'.repeat(101) })).toEqual([['TOO_LONG', 'name']]);
    expect(await create({ memberIds: [newId('usr')] })).toEqual([['NOT_FOUND', 'memberIds.0']]);
    expect(await create({ visibility: 'DIRECT', memberIds: [bo.id] })).toEqual([
      ['INVALID', 'name'],
      ['INVALID', 'slug'],
    ]);
    expect(await create({ visibility: 'DIRECT', name: null, slug: null, memberIds: [shop.staffId] })).toEqual([['REQUIRED', 'memberIds']]);
    const key = shop.as(identity.apiKey(shop.storeId, ['conversations:write', 'conversations:read']));
    expect(await create({}, key)).toEqual([['NOT_PERMITTED', null]]);
    await shop.done('teamChannelCreate', { visibility: 'PUBLIC', name: 'A', slug: 'a' });
    expect(await create({})).toEqual([['SLUG_TAKEN', 'slug']]);
    expect(await shop.staff.data('{ conversations(filter: { type: [TEAM] }) { totalCount } }')).toEqual({
      conversations: { totalCount: 1 },
    });
  });
});
