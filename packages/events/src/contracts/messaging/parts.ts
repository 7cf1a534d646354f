import { z } from 'zod';
import { anyId, idOf } from '../../schemas.ts';

const conversationType = z.enum(['STORE_CUSTOMER', 'ADMIN_STORE', 'ADMIN_CUSTOMER', 'TEAM']);
const channel = z.enum(['CHAT', 'EMAIL', 'SMS', 'WHATSAPP']);

// The number is the staff's: dense per conversation, so a consumer sees at once whether it missed one of those that are told.
export const ofConversation = {
  conversationId: idOf('cnv'),
  type: conversationType,
  channel,
  customerId: idOf('cus').nullable(),
  sequence: z.int().positive(),
};

/** Who did it: the platform's staff, the store's, the customer, a bot, or the system. */
export const person = z.object({ kind: z.enum(['ADMIN', 'STORE', 'CUSTOMER', 'BOT', 'SYSTEM']), id: anyId.nullable() });

export const conversation = (payload: { conversationId: `cnv_${string}` }) => payload.conversationId;
