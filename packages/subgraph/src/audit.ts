import type { Identity } from '@storegraph/auth';
import type { Id } from '@storegraph/core';
import type { Tx } from '@storegraph/database';
import { activityRecorded, emit } from '@storegraph/events';
import { getNamedType, isObjectType, type GraphQLResolveInfo } from 'graphql';

/** The mutation that a request is running, and the type of the entity that its payload gives. */
export interface Action {
  readonly name: string;
  readonly entity: { readonly field: string; readonly type: string } | null;
}

export function actionOf({ fieldName, returnType }: GraphQLResolveInfo): Action {
  const payload = getNamedType(returnType);
  const fields = isObjectType(payload) ? Object.values(payload.getFields()) : [];
  const entity = fields.find(({ name, type }) => name !== 'userErrors' && isObjectType(getNamedType(type)));
  return { name: fieldName, entity: entity ? { field: entity.name, type: getNamedType(entity.type).name } : null };
}

type AuditedIdentity = Identity & { readonly kind: 'STAFF' | 'API_KEY' | 'PLATFORM'; readonly subjectId: Id };

/** Whose mutations are noted: what staff do before they have a store (to log in, to refresh) would be noted where nobody could read it. */
export function isAudited(identity: Identity): identity is AuditedIdentity {
  if (identity.subjectId === null) return false;
  return identity.kind === 'PLATFORM' || (identity.storeId !== null && (identity.kind === 'STAFF' || identity.kind === 'API_KEY'));
}

/** Notes in the mutation's own transaction that somebody of the store, an API key or the platform has done it. */
export async function recordActivity(
  tx: Tx,
  result: unknown,
  action: Action,
  request: { requestId: string; ip: string | null; userAgent: string | null },
): Promise<void> {
  const actor = tx.scope.identity;
  if (!isAudited(actor)) return;
  const resourceId = action.entity ? idOfEntity(result, action.entity.field) : null;
  await emit(
    tx,
    activityRecorded(
      {
        action: action.name,
        resourceKind: action.entity?.type ?? null,
        resourceId,
        actorKind: actor.kind,
        actorId: actor.subjectId,
        requestId: request.requestId,
      },
      { personal: { ip: request.ip?.slice(0, 64) ?? null, userAgent: request.userAgent?.slice(0, 500) ?? null } },
    ),
  );
}

/** A command gives its entity, alone or under the payload's name, as a value or inside a result. */
function idOfEntity(result: unknown, field: string): Id | null {
  const value = property(result, 'ok') === true ? property(result, 'value') : result;
  const id = property(value, 'id') ?? property(property(value, field), 'id');
  return typeof id === 'string' && isId(id) ? id : null;
}

const isId = (text: string): text is Id => /^[a-z]+_[0-9a-z]{26}$/.test(text);

function property(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && name in value ? (value as Record<string, unknown>)[name] : undefined;
}
