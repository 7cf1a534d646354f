import { z } from 'zod';
import { defineEvent } from '../../contract.ts';
import { idOf } from '../../schemas.ts';
import { ofStore } from './parts.ts';

const ofRole = { ...ofStore, roleId: idOf('rol') };
const role = (payload: { roleId: `rol_${string}` }) => payload.roleId;
const content = { name: z.string(), permissions: z.array(z.string()) };

export const roleCreated = defineEvent({
  type: 'role.created',
  version: 1,
  producer: 'accounts',
  description: 'A store has a new role of its own.',
  aggregate: role,
  payload: z.object({ ...ofRole, ...content }),
});

export const roleUpdated = defineEvent({
  type: 'role.updated',
  version: 1,
  producer: 'accounts',
  description:
    'A role of a store has another name or other permissions. Carries it as it now is; its members have the new permissions at once.',
  aggregate: role,
  payload: z.object({ ...ofRole, ...content }),
});

export const roleDeleted = defineEvent({
  type: 'role.deleted',
  version: 1,
  producer: 'accounts',
  description: 'A role of a store is gone. Whoever had it has the replacement, and a `member.roleChanged` of their own.',
  aggregate: role,
  payload: z.object({ ...ofRole, replacementRoleId: idOf('rol').nullable() }),
});
