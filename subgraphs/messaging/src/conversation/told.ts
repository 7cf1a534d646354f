import {
  conversationAssigned,
  conversationClosed,
  conversationReopened,
  conversationStarted,
  messageSent,
  type DraftEvent,
} from '@storegraph/events';
import type { Id } from '@storegraph/core';
import type { NewMessage, Numbers } from './change.ts';
import type { Person } from './person.ts';
import type { ConversationRow } from './tables.ts';

// What other domains are told of a conversation. Never what was said in it.

type About = Pick<ConversationRow, 'id' | 'type' | 'channel' | 'customerId'>;
type Told = (numbers: Numbers) => DraftEvent;

const stamp = ({ id, type, channel, customerId }: About, sequence: number) => ({ conversationId: id, type, channel, customerId, sequence });

export const started =
  (conversation: About, by: Person): Told =>
  ({ sequence }) =>
    conversationStarted({ ...stamp(conversation, sequence), by });

export const assigned =
  (conversation: About, assigneeId: Id<'usr'> | null, assignmentVersion: number, by: Person): Told =>
  ({ sequence }) =>
    conversationAssigned({ ...stamp(conversation, sequence), assigneeId, assignmentVersion, by });

export const closed =
  (conversation: About, by: Person, mergedIntoId: Id<'cnv'> | null = null): Told =>
  ({ sequence }) =>
    conversationClosed({ ...stamp(conversation, sequence), mergedIntoId, by });

export const reopened =
  (conversation: About, by: Person): Told =>
  ({ sequence }) =>
    conversationReopened({ ...stamp(conversation, sequence), by });

export const sent =
  (conversation: About, { id, kind, direction, internal, mentions, originDomain, originId }: NewMessage, by: Person): Told =>
  ({ sequence, publicSequence }) =>
    messageSent({
      ...stamp(conversation, sequence),
      messageId: id,
      publicSequence,
      kind,
      direction,
      internal,
      mentions,
      by,
      origin: originDomain !== null && originId !== null ? { domain: originDomain, id: originId } : null,
    });
