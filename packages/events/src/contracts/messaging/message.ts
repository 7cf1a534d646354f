import { z } from 'zod';
import { defineEvent } from '../../contract.ts';
import { idOf } from '../../schemas.ts';
import { conversation, ofConversation, person } from './parts.ts';

export const messageSent = defineEvent({
  type: 'message.sent',
  version: 1,
  producer: 'messaging',
  description:
    'A message has been added to a conversation. What it says is told to nobody: a consumer that may read it asks for it. `internal`: a note, of which the customer never learns; `publicSequence` is its number for the customer.',
  aggregate: conversation,
  payload: z.object({
    ...ofConversation,
    messageId: idOf('msg'),
    publicSequence: z.int().positive().nullable(),
    kind: z.enum(['TEXT', 'IMAGE', 'VIDEO', 'AUDIO', 'DOCUMENT']),
    direction: z.enum(['INBOUND', 'OUTBOUND']),
    internal: z.boolean(),
    mentions: z.array(idOf('usr')),
    by: person,
    /** The domain that asked for it, and that domain's id. */
    origin: z.object({ domain: z.string(), id: z.string() }).nullable(),
  }),
});
