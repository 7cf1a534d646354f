import { instant, tenantTable, timestamps, typeId } from '@storegraph/database';
import { foreignKey, index, text } from 'drizzle-orm/pg-core';
import { accountsSchema } from '../schema.ts';

export const apiKeys = tenantTable(
  accountsSchema,
  'api_keys',
  {
    id: typeId('key').notNull(),
    name: text().notNull(),
    /** The key's first characters. */
    prefix: text().notNull(),
    permissions: text().array().notNull(),
    /** The user who made it, or who made the API key that did; null where nobody knows. */
    createdBy: typeId('usr'),
    expiresAt: instant(),
    lastUsedAt: instant(),
    revokedAt: instant(),
    ...timestamps,
  },
  (t) => [index('api_keys_in_order').on(t.storeId, t.createdAt.desc(), t.id.desc())],
);

/** Requests may add one; only api_key_access looks keys up by it. */
export const apiKeySecrets = tenantTable(
  accountsSchema,
  'api_key_secrets',
  { apiKeyId: typeId('key').notNull(), secretHash: text().notNull() },
  (t) => [
    foreignKey({ name: 'api_key_secrets_key', columns: [t.storeId, t.apiKeyId], foreignColumns: [apiKeys.storeId, apiKeys.id] }),
    index('api_key_secrets_by_hash').on(t.secretHash),
  ],
  { key: ['apiKeyId'] },
);
