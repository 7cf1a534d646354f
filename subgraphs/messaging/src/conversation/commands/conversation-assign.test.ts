import { newId } from '@storegraph/core';
import { own } from '@storegraph/database';
import { eq } from 'drizzle-orm';
import { knownMembers } from '../../member/tables.ts';
import { describe, expect, it } from 'vitest';
import { changesOf, messagingHarness } from '../../../test/desk.ts';

const messaging = await messagingHarness();
const desk = messaging.desk();

describe('conversationAssign', () => {
  it('gives an owner, who takes part from then on, and takes it away; the version tells of each', async () => {
    const [bo, cy] = [await desk.member(), await desk.member()];
    const conversationId = await desk.conversation(await desk.customer());
    const select = 'conversation { assignee { id } assignmentVersion participants { user { id } } }';
    const assign = (input: object) => desk.mutate('conversationAssign', { conversationId, ...input }, select);
    const people = (...ids: string[]) => ids.map((id) => ({ user: id === 'customer' ? null : { id } }));
    expect(await assign({ assigneeId: bo.id, expectedVersion: 0 })).toEqual({
      conversation: { assignee: { id: bo.id }, assignmentVersion: 1, participants: people('customer', desk.staffId, bo.id) },
      userErrors: [],
    });
    expect(await assign({ assigneeId: bo.id, expectedVersion: 1 })).toMatchObject({ conversation: { assignmentVersion: 1 } });
    expect(await assign({ assigneeId: cy.id, expectedVersion: 0 })).toEqual({
      conversation: null,
      userErrors: [{ code: 'VERSION_MISMATCH', field: ['expectedVersion'] }],
    });
    expect(await assign({ assigneeId: null })).toMatchObject({ conversation: { assignee: null, assignmentVersion: 2 } });
    expect((await changesOf(desk, conversationId)).slice(3)).toEqual(['PARTICIPANT_ADDED', 'ASSIGNED', 'UNASSIGNED']);
  });

  it('lets one of two win who have seen the same owner', async () => {
    const [bo, cy] = [await desk.member(), await desk.member()];
    const conversationId = await desk.conversation(await desk.customer());
    const both = await Promise.all(
      [bo, cy].map(({ id: assigneeId }) => desk.mutate('conversationAssign', { conversationId, assigneeId, expectedVersion: 0 })),
    );
    expect(both.flatMap(({ userErrors }) => userErrors.map(({ code }) => code))).toEqual(['VERSION_MISMATCH']);
  });

  it('answers bad input with a code and the field, and changes nothing', async () => {
    const conversationId = await desk.conversation(await desk.customer());
    const outsider = await messaging.desk().member();
    const gone = await desk.member();
    await desk.write((tx) =>
      tx
        .update(knownMembers)
        .set({ active: false })
        .where(own(tx, knownMembers, eq(knownMembers.userId, gone.id))),
    );
    for (const assigneeId of ['nonsense', newId('usr'), outsider.id, gone.id])
      expect(await desk.refused('conversationAssign', { conversationId, assigneeId })).toEqual([['NOT_FOUND', 'assigneeId']]);
    expect(await desk.refused('conversationAssign', { conversationId, expectedVersion: -1 })).toEqual([['INVALID', 'expectedVersion']]);
    for (const strange of await messaging.strangeConversations())
      expect(await desk.refused('conversationAssign', { conversationId: strange })).toEqual([['NOT_FOUND', 'conversationId']]);
    expect(await changesOf(desk, conversationId)).toHaveLength(3);
  });
});
