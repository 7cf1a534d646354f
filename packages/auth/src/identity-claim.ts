import type { Id, StoreId } from '@storegraph/core';
import { parseId } from '@storegraph/core';
import { z } from 'zod';
import { identityKinds, type Identity } from './identity.ts';
import { permissions } from './permissions.ts';

const subjectPrefix = { STAFF: 'usr', PLATFORM: 'usr', CUSTOMER: 'cus', API_KEY: 'key', ANONYMOUS: null, SYSTEM: null } as const;

const storeId = z.custom<StoreId>((value) => parseId('sto', value) !== undefined);
const anyId = z.custom<Id>((value) => typeof value === 'string' && /^[a-z]+_[0-9a-z]{26}$/.test(value));

/** An identity as it arrives from another process: exact shape, known permissions, and a subject of the kind's own sort. */
export const identityClaim: z.ZodType<Identity> = z
  .strictObject({
    kind: z.enum(identityKinds),
    storeId: storeId.nullable(),
    subjectId: anyId.nullable(),
    sessionId: anyId.nullable(),
    permissions: z.array(z.enum(permissions)).max(permissions.length),
  })
  .refine(({ kind, subjectId }) => {
    const prefix = subjectPrefix[kind];
    return prefix === null ? subjectId === null : parseId(prefix, subjectId) !== undefined;
  });
