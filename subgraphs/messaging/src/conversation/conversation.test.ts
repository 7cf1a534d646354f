import { describe, expect, it } from 'vitest';
import { numbered } from './change.ts';
import {
  conversationStatuses,
  conversationTransitions,
  moveRefusal,
  nextStatuses,
  publicStatus,
  writeRefusal,
  type Life,
} from './conversation.ts';
import { isOwn } from './person.ts';

const life = (rest: Partial<Life>): Life => ({ type: 'STORE_CUSTOMER', status: 'OPEN', mergedIntoId: null, archivedAt: null, ...rest });

describe('a conversation', () => {
  it('goes from each state into those that may follow, and into no other', () => {
    for (const from of conversationStatuses) {
      const open = conversationStatuses.filter((to) => moveRefusal(life({ status: from }), to) === null);
      expect(open.toSorted(), from).toEqual([...nextStatuses[from]].toSorted());
    }
    expect(conversationStatuses.map((to) => moveRefusal(life({ status: to }), to))).toEqual([
      'ALREADY_OPEN',
      'ALREADY_PENDING',
      null,
      'ALREADY_CLOSED',
    ]);
    expect((['PENDING', 'SNOOZED'] as const).map((to) => moveRefusal(life({ status: 'CLOSED' }), to))).toEqual([
      'CONVERSATION_CLOSED',
      'CONVERSATION_CLOSED',
    ]);
  });

  it('has no states as a channel, and follows another once it is merged', () => {
    for (const to of conversationStatuses) {
      expect(moveRefusal(life({ type: 'TEAM' }), to)).toBe('NOT_IN_INBOX');
      expect(moveRefusal(life({ status: 'CLOSED', mergedIntoId: 'cnv_x' }), to)).toBe('CONVERSATION_MERGED');
    }
    expect(writeRefusal(life({ status: 'CLOSED', mergedIntoId: 'cnv_x' }))).toBe('CONVERSATION_MERGED');
    expect(writeRefusal(life({ type: 'TEAM', archivedAt: new Date(0) }))).toBe('CHANNEL_ARCHIVED');
    expect(writeRefusal(life({ status: 'CLOSED' }))).toBe('CONVERSATION_CLOSED');
  });

  it('names what can be done with it, and why the rest can not', () => {
    expect(conversationTransitions(life({ status: 'CLOSED' })).filter(({ allowed }) => !allowed)).toEqual([
      { name: 'messageSend', allowed: false, reason: 'CONVERSATION_CLOSED' },
      { name: 'conversationPend', allowed: false, reason: 'CONVERSATION_CLOSED' },
      { name: 'conversationSnooze', allowed: false, reason: 'CONVERSATION_CLOSED' },
      { name: 'conversationClose', allowed: false, reason: 'ALREADY_CLOSED' },
      { name: 'conversationUnmerge', allowed: false, reason: 'NOT_MERGED' },
    ]);
  });

  it('shows a customer two states', () => {
    expect(conversationStatuses.map(publicStatus)).toEqual(['OPEN', 'OPEN', 'OPEN', 'CLOSED']);
  });

  it('numbers changes densely for staff, and densely for the customer what is public', () => {
    const changes = [{ public: false }, { public: true }, { public: false }, { public: true }];
    expect(numbered({ sequence: 7, publicSequence: 3 }, changes)).toEqual([
      { sequence: 8, publicSequence: null },
      { sequence: 9, publicSequence: 4 },
      { sequence: 10, publicSequence: null },
      { sequence: 11, publicSequence: 5 },
    ]);
  });

  it('knows its customer under every id, and staff under theirs alone', () => {
    expect(isOwn({ kind: 'CUSTOMER', id: 'cus_1' }, { kind: 'CUSTOMER', id: 'cus_2' })).toBe(true);
    expect(isOwn({ kind: 'STORE', id: 'usr_1' }, { kind: 'STORE', id: 'usr_2' })).toBe(false);
    expect(isOwn({ kind: 'STORE', id: 'usr_1' }, { kind: 'ADMIN', id: 'usr_1' })).toBe(false);
  });
});
