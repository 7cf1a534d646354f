import { z } from 'zod';
import { anyDomain, defineEvent } from '../contract.ts';
import { anyId } from '../schemas.ts';

export const activityRecorded = defineEvent({
  type: 'activity.recorded',
  version: 1,
  producer: anyDomain,
  description: 'A member of staff, an API key or the platform has successfully run a mutation.',
  aggregate: (payload) => payload.actorId,
  payload: z.object({
    action: z.string().min(1).max(100),
    resourceKind: z.string().min(1).max(100).nullable(),
    resourceId: anyId.nullable(),
    actorKind: z.enum(['STAFF', 'API_KEY', 'PLATFORM']),
    actorId: anyId,
    requestId: z.string().min(1).max(100),
  }),
  personal: z.object({ ip: z.string().max(64).nullable(), userAgent: z.string().max(500).nullable() }),
  subject: (payload) => payload.actorId,
});
