import { z } from 'zod';
import { defineEvent } from '../../contract.ts';
import { idOf } from '../../schemas.ts';
import { conversation, ofConversation, person } from './parts.ts';

export const conversationStarted = defineEvent({
  type: 'conversation.started',
  version: 1,
  producer: 'messaging',
  description: 'A conversation has begun: of the store with a customer, of the platform with either, or a channel of the team.',
  aggregate: conversation,
  payload: z.object({ ...ofConversation, by: person }),
});

export const conversationAssigned = defineEvent({
  type: 'conversation.assigned',
  version: 1,
  producer: 'messaging',
  description: 'A conversation has got another owner, or none. `assignmentVersion` grows with each change of the owner.',
  aggregate: conversation,
  payload: z.object({ ...ofConversation, assigneeId: idOf('usr').nullable(), assignmentVersion: z.int().positive(), by: person }),
});

export const conversationClosed = defineEvent({
  type: 'conversation.closed',
  version: 1,
  producer: 'messaging',
  description: 'A conversation has been closed, or has gone over into the one that `mergedIntoId` names.',
  aggregate: conversation,
  payload: z.object({ ...ofConversation, mergedIntoId: idOf('cnv').nullable(), by: person }),
});

export const conversationReopened = defineEvent({
  type: 'conversation.reopened',
  version: 1,
  producer: 'messaging',
  description: 'A closed conversation goes on: by hand, by a new message of the customer, or because a merge was undone.',
  aggregate: conversation,
  payload: z.object({ ...ofConversation, by: person }),
});
