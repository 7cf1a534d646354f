export const conversationTypes = ['STORE_CUSTOMER', 'ADMIN_STORE', 'ADMIN_CUSTOMER', 'TEAM'] as const;
export type ConversationType = (typeof conversationTypes)[number];

export const conversationStatuses = ['OPEN', 'PENDING', 'SNOOZED', 'CLOSED'] as const;
export type ConversationStatus = (typeof conversationStatuses)[number];

export const priorities = ['LOW', 'NORMAL', 'HIGH', 'URGENT'] as const;
export type ConversationPriority = (typeof priorities)[number];

export const channels = ['CHAT', 'EMAIL', 'SMS', 'WHATSAPP'] as const;
export type Channel = (typeof channels)[number];

export const visibilities = ['PUBLIC', 'PRIVATE', 'DIRECT'] as const;
export type TeamVisibility = (typeof visibilities)[number];

export const conversationEventKinds = [
  'STARTED',
  'MESSAGE_ADDED',
  'MESSAGE_EDITED',
  'MESSAGE_DELETED',
  'ASSIGNED',
  'UNASSIGNED',
  'SNOOZED',
  'PENDED',
  'CLOSED',
  'REOPENED',
  'PRIORITY_CHANGED',
  'SUBJECT_CHANGED',
  'LABELS_CHANGED',
  'PARTICIPANT_ADDED',
  'PARTICIPANT_REMOVED',
  'ARCHIVED',
  'UNARCHIVED',
  'MERGED',
  'UNMERGED',
  'DESCRIPTION_CHANGED',
] as const;
export type ConversationEventKind = (typeof conversationEventKinds)[number];

/** Which state may follow which. Another time for one that sleeps is a change, too. */
export const nextStatuses: Readonly<Record<ConversationStatus, readonly ConversationStatus[]>> = {
  OPEN: ['PENDING', 'SNOOZED', 'CLOSED'],
  PENDING: ['OPEN', 'SNOOZED', 'CLOSED'],
  SNOOZED: ['OPEN', 'PENDING', 'SNOOZED', 'CLOSED'],
  CLOSED: ['OPEN'],
};

/** What the rules of a conversation's life depend on. */
export interface Life {
  readonly type: ConversationType;
  readonly status: ConversationStatus;
  readonly mergedIntoId: string | null;
  readonly archivedAt: Date | null;
}

/** By the state that is wanted: with which codes it may be refused. */
interface MoveRefusals {
  readonly OPEN: SortRefusal | 'ALREADY_OPEN';
  readonly PENDING: SortRefusal | 'ALREADY_PENDING' | 'CONVERSATION_CLOSED';
  readonly SNOOZED: SortRefusal | 'CONVERSATION_CLOSED';
  readonly CLOSED: SortRefusal | 'ALREADY_CLOSED';
}
type MoveRefusal = MoveRefusals[ConversationStatus];

/** Why a conversation can't go over into a state, or null. A team's channel has no such states, and one that was merged follows the other. */
export function moveRefusal<To extends ConversationStatus>(life: Life, to: To): MoveRefusals[To] | null {
  const refusal = sortRefusal(life);
  if (refusal) return refusal;
  if (nextStatuses[life.status].includes(to)) return null;
  return to === 'PENDING' && life.status === 'CLOSED' ? ('CONVERSATION_CLOSED' as MoveRefusals[To]) : notFrom[to];
}

const notFrom: { readonly [To in ConversationStatus]: MoveRefusals[To] } = {
  OPEN: 'ALREADY_OPEN',
  PENDING: 'ALREADY_PENDING',
  SNOOZED: 'CONVERSATION_CLOSED',
  CLOSED: 'ALREADY_CLOSED',
};

export type SortRefusal = 'NOT_IN_INBOX' | 'CONVERSATION_MERGED';

/** Why what sorts an inbox (owner, priority, labels, which goes over into which) can't be changed, or null. */
export function sortRefusal({ type, mergedIntoId }: Life): SortRefusal | null {
  if (type === 'TEAM') return 'NOT_IN_INBOX';
  return mergedIntoId === null ? null : 'CONVERSATION_MERGED';
}

export type WriteRefusal = 'CONVERSATION_CLOSED' | 'CONVERSATION_MERGED' | 'CHANNEL_ARCHIVED';

/** Why staff can't write into a conversation, or null. What a customer writes opens it again. */
export function writeRefusal({ status, mergedIntoId, archivedAt }: Life): WriteRefusal | null {
  if (mergedIntoId !== null) return 'CONVERSATION_MERGED';
  if (archivedAt !== null) return 'CHANNEL_ARCHIVED';
  return status === 'CLOSED' ? 'CONVERSATION_CLOSED' : null;
}

export const unmergeRefusal = ({ mergedIntoId }: Life): 'NOT_MERGED' | null => (mergedIntoId === null ? 'NOT_MERGED' : null);

export const refusalMessages: Readonly<Record<MoveRefusal | SortRefusal | WriteRefusal | 'NOT_MERGED', string>> = {
  NOT_IN_INBOX: "A team's channel has no state, owner, priority or labels.",
  CONVERSATION_MERGED: 'The conversation was merged into another.',
  CONVERSATION_CLOSED: 'The conversation is closed.',
  CHANNEL_ARCHIVED: 'The channel is archived.',
  ALREADY_OPEN: 'The conversation is open already.',
  ALREADY_PENDING: 'The conversation is pending already.',
  ALREADY_CLOSED: 'The conversation is closed already.',
  NOT_MERGED: 'The conversation was not merged.',
};

/** What a customer is told of a state: that staff let it wait is not theirs to know. */
export const publicStatus = (status: ConversationStatus): ConversationStatus => (status === 'CLOSED' ? 'CLOSED' : 'OPEN');

export interface Transition {
  readonly name: string;
  readonly allowed: boolean;
  readonly reason: string | null;
}

const transition = (name: string, reason: string | null): Transition => ({ name, allowed: reason === null, reason });

/** What staff can do with a conversation now, by the name of its mutation, and the code with which that mutation would refuse. */
export const conversationTransitions = (life: Life): Transition[] => [
  transition('messageSend', writeRefusal(life)),
  transition('conversationAssign', sortRefusal(life)),
  transition('conversationReopen', moveRefusal(life, 'OPEN')),
  transition('conversationPend', moveRefusal(life, 'PENDING')),
  transition('conversationSnooze', moveRefusal(life, 'SNOOZED')),
  transition('conversationClose', moveRefusal(life, 'CLOSED')),
  transition('conversationMerge', sortRefusal(life)),
  transition('conversationUnmerge', unmergeRefusal(life)),
];
