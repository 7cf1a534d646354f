import { z } from 'zod';
import { anyDomain, defineEvent } from '../contract.ts';
import { anyId } from '../schemas.ts';

export const activityRecorded = defineEvent({
  type: 'activity.recorded',
  version: 2,
  producer: anyDomain,
  description:
    'A member of staff, an API key or the platform has successfully run a mutation. `fields` names what its input gave, without any value.',
  aggregate: (payload) => payload.actorId,
  payload: z.object({
    action: z.string().min(1).max(100),
    resourceKind: z.string().min(1).max(100).nullable(),
    resourceId: anyId.nullable(),
    fields: z.array(z.string().min(1).max(200)).max(100),
    actorKind: z.enum(['STAFF', 'API_KEY', 'PLATFORM']),
    actorId: anyId,
    requestId: z.string().min(1).max(100),
  }),
  personal: z.object({
    ip: z.string().max(64).nullable(),
    userAgent: z.string().max(500).nullable(),
    /** In somebody's own words, where the mutation asks for a reason. */
    reason: z.string().max(500).nullable().default(null),
  }),
  subject: (payload) => payload.actorId,
  upcast: { 1: (old) => ({ ...(old as object), fields: [] }) },
});
