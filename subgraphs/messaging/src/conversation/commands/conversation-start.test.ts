import { describe, expect, it } from 'vitest';
import { changesOf, key, messagingHarness } from '../../../test/desk.ts';

const messaging = await messagingHarness();
const desk = messaging.desk();

describe('conversationStart', () => {
  it('begins with a first message, once for each key', async () => {
    const anna = await desk.customer();
    const input = { customerId: anna.id, subject: 'Your lantern', content: 'It is on its way.', idempotencyKey: key() };
    const select =
      'conversation { id type subject status sequence messageCount startedBy { kind id } customer { id } messages { nodes { content } } }';
    const begun = await desk.done<{ conversation: { id: string } }>('conversationStart', input, select);
    expect(begun).toEqual({
      conversation: {
        id: begun.conversation.id,
        type: 'STORE_CUSTOMER',
        subject: 'Your lantern',
        status: 'OPEN',
        sequence: 3,
        messageCount: 1,
        startedBy: { kind: 'STORE', id: desk.staffId },
        customer: { id: anna.id },
        messages: { nodes: [{ content: 'It is on its way.' }] },
      },
    });
    expect(await changesOf(desk, begun.conversation.id)).toEqual(['STARTED 1', 'PARTICIPANT_ADDED', 'MESSAGE_ADDED 2']);
    const [again, twice] = await Promise.all([
      desk.done('conversationStart', input, select),
      desk.done('conversationStart', input, select),
    ]);
    expect(again).toEqual(begun);
    expect(twice).toEqual(begun);
  });

  it('lets customers begin one with the store, under keys of their own', async () => {
    const [anna, ben] = [await desk.customer(), await desk.customer()];
    const input = { content: 'Where is it?', idempotencyKey: key() };
    const select = 'conversation { id customer { id } startedBy { kind id } sequence unreadCount }';
    const ofAnna = await desk.done<{ conversation: { id: string } }>('conversationStart', input, select, anna.client);
    const ofBen = await desk.done<{ conversation: { id: string } }>('conversationStart', input, select, ben.client);
    expect(ofAnna.conversation).toEqual({
      id: ofAnna.conversation.id,
      customer: { id: anna.id },
      startedBy: { kind: 'CUSTOMER', id: anna.id },
      sequence: 2,
      unreadCount: 0,
    });
    expect(ofBen.conversation.id).not.toBe(ofAnna.conversation.id);
    expect(await desk.done('conversationStart', input, select, anna.client)).toEqual(ofAnna);
  });

  it('is for the platform with the store or a customer, whom the store then does not see with it', async () => {
    const platform = desk.platform();
    const anna = await desk.customer();
    const start = async (input: object, client = platform.client) =>
      (
        await desk.done<{ conversation: { id: string } }>(
          'conversationStart',
          { content: 'Hello.', idempotencyKey: key(), ...input },
          undefined,
          client,
        )
      ).conversation.id;
    const withStore = await start({ type: 'ADMIN_STORE' });
    const byStore = await start({ type: 'ADMIN_STORE' }, desk.staff);
    const withAnna = await start({ type: 'ADMIN_CUSTOMER', customerId: anna.id });
    const seen = async (client: typeof desk.staff) =>
      (
        await client.data<{ conversations: { nodes: { id: string }[] } }>(
          '{ conversations(filter: { type: [ADMIN_STORE, ADMIN_CUSTOMER] }) { nodes { id } } }',
        )
      ).conversations.nodes
        .map(({ id }) => id)
        .toSorted();
    expect(await seen(desk.staff)).toEqual([withStore, byStore].toSorted());
    expect(await seen(platform.client)).toEqual([withStore, byStore, withAnna].toSorted());
    expect(await seen(anna.client)).toEqual([withAnna]);
    expect(await desk.staff.data('query ($id: ID!) { conversation(id: $id) { id } }', { id: withAnna })).toEqual({ conversation: null });
    expect(await desk.refused('messageSend', { conversationId: withAnna, content: 'x', clientId: key() })).toEqual([
      ['NOT_FOUND', 'conversationId'],
    ]);
  });

  it('answers bad input with a code and the field, and begins nothing', async () => {
    const anna = await desk.customer();
    const foreign = await messaging.desk().customer();
    const start = (input: object, client = desk.staff) =>
      desk.refused('conversationStart', { customerId: anna.id, content: 'x', idempotencyKey: key(), ...input }, client);
    expect(await start({ content: ' ' })).toEqual([['REQUIRED', 'content']]);
    expect(await start({ content: 'x'.repeat(10_001) })).toEqual([['TOO_LONG', 'content']]);
    expect(await start({ content: 'a\u0000b' })).toEqual([['INVALID', 'content']]);
    expect(await start({ subject: 'x'.repeat(201) })).toEqual([['TOO_LONG', 'subject']]);
    expect(await start({ idempotencyKey: '' })).toEqual([['REQUIRED', 'idempotencyKey']]);
    expect(await start({ customerId: null })).toEqual([['REQUIRED', 'customerId']]);
    expect(await start({ type: 'ADMIN_STORE' })).toEqual([['INVALID', 'customerId']]);
    expect(await start({ type: 'TEAM', customerId: null })).toEqual([['INVALID', 'type']]);
    expect(await start({ type: 'ADMIN_CUSTOMER' })).toEqual([['NOT_PERMITTED', 'type']]);
    expect(await start({}, desk.platform().client)).toEqual([['NOT_PERMITTED', 'type']]);
    expect(await start({}, foreign.client)).toEqual([['NOT_PERMITTED', 'type']]);
    expect(await start({ type: 'ADMIN_CUSTOMER' }, anna.client)).toEqual([['NOT_PERMITTED', 'type']]);
    expect(await start({ customerId: foreign.id })).toEqual([['NOT_FOUND', 'customerId']]);
    const taken = key();
    await desk.conversation(anna, { idempotencyKey: taken });
    expect(await start({ idempotencyKey: taken, content: 'Something else.' })).toEqual([['IDEMPOTENCY_KEY_REUSED', 'idempotencyKey']]);
    expect(await anna.client.data('{ conversations { totalCount } }')).toEqual({ conversations: { totalCount: 1 } });
  });
});
