import { z } from 'zod';
import { defineEvent } from '../../contract.ts';
import { anyId, idOf } from '../../schemas.ts';
import { ofStore } from './parts.ts';

const ofApiKey = { ...ofStore, apiKeyId: idOf('key') };
const apiKey = (payload: { apiKeyId: `key_${string}` }) => payload.apiKeyId;

export const apiKeyCreated = defineEvent({
  type: 'apiKey.created',
  version: 1,
  producer: 'accounts',
  description: 'A store has a new API key. The event holds nothing of the key itself.',
  aggregate: apiKey,
  payload: z.object({
    ...ofApiKey,
    name: z.string(),
    permissions: z.array(z.string()),
    expiresAt: z.date().nullable(),
    createdBy: anyId.nullable(),
  }),
});

export const apiKeyRevoked = defineEvent({
  type: 'apiKey.revoked',
  version: 1,
  producer: 'accounts',
  description: 'An API key of a store no longer opens anything.',
  aggregate: apiKey,
  payload: z.object(ofApiKey),
});
