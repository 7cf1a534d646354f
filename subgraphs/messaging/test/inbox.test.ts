import { newId, type Id } from '@storegraph/core';
import { identity, type TestClient } from '@storegraph/testing';
import { beforeAll, describe, expect, it } from 'vitest';
import { key, messagingHarness, type Somebody } from './desk.ts';

const messaging = await messagingHarness();
const desk = messaging.desk();

const idsOf = async (client: TestClient, filter: string, rest = ''): Promise<string[]> =>
  (
    await client.data<{ conversations: { nodes: { id: string }[] } }>(`{ conversations(filter: ${filter} ${rest}) { nodes { id } } }`)
  ).conversations.nodes.map(({ id }) => id);

describe('an inbox', () => {
  let anna: Somebody<Id<'cus'>>;
  let ben: Somebody<Id<'cus'>>;
  let bo: Somebody<Id<'usr'>>;
  let first: string;
  let second: string;
  let third: string;

  beforeAll(async () => {
    [anna, ben, bo] = [await desk.customer(), await desk.customer(), await desk.member()];
    first = await desk.conversation(anna, { subject: 'Broken lantern', content: 'It arrived in pieces.' });
    second = await desk.conversation(anna, { content: 'Your crème brûlée torch' });
    third = await desk.conversation(ben, { content: 'Hello Ben' });
    await desk.done('conversationAssign', { conversationId: first, assigneeId: bo.id });
    await desk.done('conversationPrioritySet', { conversationId: second, priority: 'URGENT' });
    await desk.done('conversationPend', { conversationId: third });
    await desk.send(first, { content: 'Still in pieces?' }, anna.client);
    await desk.send(second, { content: 'Zebra: she shouted on the phone.', internal: true });
  });

  it('is narrowed by state, owner, priority, customer, and what is unread', async () => {
    expect(await idsOf(desk.staff, '{}')).toEqual([second, first, third]);
    expect(await idsOf(desk.staff, '{}', 'sort: { by: CREATED_AT, direction: ASC }')).toEqual([first, second, third]);
    expect(await idsOf(desk.staff, '{ status: [PENDING, CLOSED] }')).toEqual([third]);
    expect(await idsOf(bo.client, '{ assignee: { me: true } }')).toEqual([first]);
    expect(await idsOf(desk.staff, `{ assignee: { userId: "${bo.id}" } }`)).toEqual([first]);
    expect(await idsOf(desk.staff, '{ assignee: { none: true }, status: [OPEN] }')).toEqual([second]);
    expect(await idsOf(desk.staff, '{ priority: [URGENT, HIGH] }')).toEqual([second]);
    expect(await idsOf(desk.staff, `{ customerId: "${anna.id}" }`)).toEqual([second, first]);
    expect(await idsOf(desk.staff, '{ unread: true }')).toEqual([first]);
    expect(await idsOf(bo.client, '{ unread: true }')).toEqual([second, first, third]);
    expect(await idsOf(desk.staff, '{ unread: false }')).toEqual([second, third]);
    expect(await idsOf(desk.staff, '{ channel: [EMAIL] }')).toEqual([]);
    expect(await desk.staff.codes('{ conversations(filter: { assignee: { me: true, none: true } }) { totalCount } }')).toEqual([
      'BAD_REQUEST',
    ]);
  });

  it('is counted by one statement', async () => {
    messaging.statements();
    expect(await bo.client.data('{ inboxCounts { open pending snoozed closed mine unassigned unread } }')).toEqual({
      inboxCounts: { open: 2, pending: 1, snoozed: 0, closed: 0, mine: 1, unassigned: 1, unread: 2 },
    });
    expect(messaging.statements().filter((sent) => sent.includes('messaging"."conversations'))).toHaveLength(1);
    const program = desk.as(identity.apiKey(desk.storeId, ['conversations:read']));
    expect(await program.data('{ inboxCounts { open mine unread } }')).toEqual({ inboxCounts: { open: 2, mine: 0, unread: null } });
  });

  it('finds subjects and messages by words and how they begin, without accents', async () => {
    for (const [query, found] of [
      ['lant', [first]],
      ['PIECES still', [first]],
      ['creme brulee', [second]],
      ['zebra', [second]],
      ['nothing', []],
      ['%', []],
      ['ello', []],
    ] as const)
      expect(await idsOf(desk.staff, `{ query: "${query}" }`), query).toEqual(found);
    const search =
      'query ($q: String!, $after: String) { messageSearch(query: $q, first: 1, after: $after) { nodes { content } totalCount pageInfo { hasNextPage endCursor } } }';
    type Found = { messageSearch: { nodes: object[]; totalCount: number; pageInfo: { hasNextPage: boolean; endCursor: string } } };
    const { messageSearch: page } = await desk.staff.data<Found>(search, { q: 'pieces' });
    expect(page).toMatchObject({ nodes: [{ content: 'Still in pieces?' }], totalCount: 2, pageInfo: { hasNextPage: true } });
    expect(await desk.staff.data(search, { q: 'pieces', after: page.pageInfo.endCursor })).toMatchObject({
      messageSearch: { nodes: [{ content: 'It arrived in pieces.' }], pageInfo: { hasNextPage: false } },
    });
    expect(await messaging.desk().staff.data(search, { q: 'pieces' })).toMatchObject({ messageSearch: { totalCount: 0 } });
  });

  it('shows a customer their own, with no trace of a note on any path', async () => {
    const all = `{ conversations { totalCount nodes { id sequence messageCount lastMessageAt updatedAt unreadCount status
      messages { totalCount nodes { content } } participation { lastReadSequence } mergedConversations { id } } } }`;
    const before = await anna.client.data<{ conversations: { nodes: { id: string }[] } }>(all);
    // By what she is shown, the first has the newest message.
    expect(before.conversations.nodes.map(({ id }) => id)).toEqual([first, second]);
    const note = await desk.send(second, { content: 'Zebra again.', internal: true });
    await desk.done('messageEdit', { messageId: note, content: 'Zebra once more.' });
    await desk.done('conversationSnooze', { conversationId: second, until: new Date(Date.now() + 3_600_000).toISOString() });
    await desk.done('conversationAssign', { conversationId: second, assigneeId: bo.id });
    expect(await anna.client.data(all)).toEqual(before);
    expect(await anna.client.data('{ messageSearch(query: "zebra") { totalCount nodes { id } } }')).toEqual({
      messageSearch: { totalCount: 0, nodes: [] },
    });
    expect(await idsOf(anna.client, '{ query: "zebra" }')).toEqual([]);
    expect(await idsOf(anna.client, '{ query: "pieces" }')).toEqual([first]);
    expect(await idsOf(anna.client, '{ status: [SNOOZED, PENDING] }')).toEqual([]);
    expect(await idsOf(anna.client, '{ status: [OPEN] }')).toEqual([first, second]);
    expect(await idsOf(ben.client, `{ customerId: "${anna.id}" }`)).toEqual([]);
    const entity =
      'query ($r: [_Any!]!) { _entities(representations: $r) { ... on Message { content } ... on Conversation { sequence } } }';
    const asked = {
      r: [
        { __typename: 'Message', id: note },
        { __typename: 'Conversation', id: third },
      ],
    };
    expect(await anna.client.data(entity, asked)).toEqual({ _entities: [null, null] });
    for (const field of [
      'priority',
      'labels',
      'assignee { id }',
      'assignmentVersion',
      'waitingSince',
      'snoozedUntil',
      'participants { id }',
      'scheduledMessages { id }',
      'availableTransitions { name }',
    ])
      expect(await anna.client.codes(`query ($id: ID!) { conversation(id: $id) { ${field} } }`, { id: first }), field).toEqual([
        'FORBIDDEN',
      ]);
    for (const field of ['internal', 'mentions { id }', 'revisions { content }'])
      expect(
        await anna.client.codes(`query ($id: ID!) { conversation(id: $id) { messages { nodes { ${field} } } } }`, { id: first }),
        field,
      ).toContain('FORBIDDEN');
    expect(await anna.client.codes('{ inboxCounts { open } }')).toEqual(['FORBIDDEN']);
  });

  it('extends customers by their conversations', async () => {
    const entity =
      'query ($r: [_Any!]!) { _entities(representations: $r) { ... on Customer { conversations(first: 1) { nodes { id } totalCount } unreadCount } } }';
    const asked = { r: [anna, ben].map(({ id }) => ({ __typename: 'Customer', id })) };
    messaging.statements();
    expect(await desk.staff.data(entity, asked)).toEqual({
      _entities: [
        { conversations: { nodes: [{ id: first }], totalCount: 2 }, unreadCount: 1 },
        { conversations: { nodes: [{ id: third }], totalCount: 1 }, unreadCount: 0 },
      ],
    });
    expect(messaging.statements().filter((sent) => sent.includes('"messaging"'))).toHaveLength(3);
    expect(await ben.client.data(entity, asked)).toEqual({
      _entities: [
        { conversations: { nodes: [], totalCount: 0 }, unreadCount: 0 },
        { conversations: { nodes: [{ id: third }], totalCount: 1 }, unreadCount: 1 },
      ],
    });
  });

  it("answers another store's ids as missing ones", async () => {
    const other = messaging.desk();
    const message = await desk.send(first);
    const ask = 'query ($c: ID!, $m: ID!) { conversation(id: $c) { id } message(id: $m) { id } }';
    for (const ids of [
      { c: first, m: message },
      { c: newId('cnv'), m: newId('msg') },
      { c: 'nonsense', m: 'nonsense' },
    ])
      expect(await other.staff.data(ask, ids)).toEqual({ conversation: null, message: null });
    expect(await idsOf(other.staff, `{ customerId: "${anna.id}" }`)).toEqual([]);
  });
});

describe('a long list', () => {
  it('is paged by its newest message, forward and back, in a number of statements that does not grow', async () => {
    const shop = messaging.desk();
    const anna = await shop.customer();
    const ids: string[] = [];
    for (let n = 0; n < 6; n++) ids.unshift(await shop.conversation(anna));
    for (const id of ids) for (let n = 0; n < 3; n++) await shop.send(id, { content: `${String(n)}`, clientId: key() });
    const order = ids.toReversed();
    const list = `query ($first: Int, $after: String) { conversations(first: $first, after: $after) { nodes { id unreadCount labels mergedInto { id }
      mergedConversations { id } participants { id } participation { id } scheduledMessages { id } messages(last: 2) { nodes { content replyTo { id } revisions { content } } } }
      pageInfo { endCursor hasNextPage } } }`;
    type Page = {
      conversations: {
        nodes: { id: string; messages: { nodes: { content: string }[] } }[];
        pageInfo: { endCursor: string; hasNextPage: boolean };
      };
    };
    const statements = async (first: number) => {
      messaging.statements();
      const page = await shop.staff.data<Page>(list, { first });
      return { page, count: messaging.statements().filter((sent) => sent.includes('"messaging"')).length };
    };
    const [small, large] = [await statements(2), await statements(6)];
    expect(large.count).toBe(small.count);
    expect(large.page.conversations.nodes.map(({ id }) => id)).toEqual(order);
    expect(large.page.conversations.nodes[0]?.messages.nodes.map(({ content }) => content)).toEqual(['1', '2']);
    const { endCursor: after, hasNextPage } = small.page.conversations.pageInfo;
    expect(hasNextPage).toBe(true);
    const next = await shop.staff.data<Page>(list, { first: 10, after });
    expect(next.conversations.nodes.map(({ id }) => id)).toEqual(order.slice(2));
    expect(await shop.staff.codes(list, { first: 101 })).toEqual(['BAD_REQUEST']);
    expect(await shop.staff.codes(list, { after: 'x' })).toEqual(['BAD_REQUEST']);
    // A cursor of staff is of another order than a customer's.
    expect(await anna.client.codes('query ($after: String) { conversations(after: $after) { totalCount } }', { after })).toEqual([
      'BAD_REQUEST',
    ]);
  });
});
