import type { Identity } from '@storegraph/auth';
import type { Id } from '@storegraph/core';
import type { Tx } from '@storegraph/database';
import { activityRecorded, emit } from '@storegraph/events';
import { getNamedType, isInputObjectType, isObjectType, type GraphQLInputType, type GraphQLResolveInfo } from 'graphql';

/** The mutation that a request is running, the type of the entity that its payload gives, and which fields its input names. */
export interface Action {
  readonly name: string;
  readonly entity: { readonly field: string; readonly type: string } | null;
  readonly fields: readonly string[];
}

export function actionOf({ fieldName, returnType, parentType }: GraphQLResolveInfo, args: Readonly<Record<string, unknown>>): Action {
  const payload = getNamedType(returnType);
  const fields = isObjectType(payload) ? Object.values(payload.getFields()) : [];
  const entity = fields.find(({ name, type }) => name !== 'userErrors' && isObjectType(getNamedType(type)));
  const input = parentType.getFields()[fieldName]?.args.find(({ name }) => name === 'input');
  return {
    name: fieldName,
    entity: entity ? { field: entity.name, type: getNamedType(entity.type).name } : null,
    fields: input ? [...new Set(fieldNames(input.type, args['input'], ''))].slice(0, maxFields) : [],
  };
}

const maxFields = 100;
/** Of a list, the first items stand for the rest. */
const maxItems = 20;

/**
 * Which fields of its type an input gives: `name`, `addresses.line1`. Names come from the schema and never from what was sent, so that they hold nothing
 * of it; keys of free JSON are none.
 */
function fieldNames(type: GraphQLInputType, given: unknown, at: string): string[] {
  const named = getNamedType(type);
  if (!isInputObjectType(named)) return [];
  if (Array.isArray(given)) return given.slice(0, maxItems).flatMap((item) => fieldNames(named, item, at));
  return Object.values(named.getFields()).flatMap((field) => {
    const value = property(given, field.name);
    if (value === undefined || field.name === 'idempotencyKey') return [];
    const inner = fieldNames(field.type, value, `${at}${field.name}.`);
    return inner.length > 0 ? inner : [`${at}${field.name}`];
  });
}

export interface ActivityNote {
  /** In the caller's own words, at most 500 characters. */
  readonly reason?: string | null;
  /** What it was done to, where that is not the payload's entity. */
  readonly resource?: { readonly kind: string; readonly id: Id };
}

const notes = new WeakMap<Tx, ActivityNote>();

/** Adds to the activity that the mutation of this transaction will be. */
export const noteActivity = (tx: Tx, note: ActivityNote): void => void notes.set(tx, note);

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
  const { reason = null, resource } = notes.get(tx) ?? {};
  await emit(
    tx,
    activityRecorded(
      {
        action: action.name,
        resourceKind: resource?.kind ?? action.entity?.type ?? null,
        resourceId: resource?.id ?? (action.entity ? idOfEntity(result, action.entity.field) : null),
        fields: [...action.fields],
        actorKind: actor.kind,
        actorId: actor.subjectId,
        requestId: request.requestId,
      },
      { personal: { ip: request.ip?.slice(0, 64) ?? null, userAgent: request.userAgent?.slice(0, 500) ?? null, reason } },
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
