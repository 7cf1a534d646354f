import { encodeJson, newId, toUuid } from '@storegraph/core';
import { afterCommit, unawaited, type Tx } from '@storegraph/database';
import { sql } from 'drizzle-orm';
import { anyDomain, EventInvalid, type DraftEvent } from './contract.ts';
import { secretPlace } from './secret.ts';
import { announce } from './wake.ts';

/**
 * Appends events to the log, in the caller's transaction: they are gone with a rollback and can't be seen before the commit. Store, actor, correlation
 * and origin are the transaction's. One statement, however many they are; the transaction's end waits for it, and not the caller.
 */
export async function emit(tx: Tx, ...events: readonly DraftEvent[]): Promise<void> {
  if (events.length === 0) return;
  const rows = JSON.stringify(events.map((event) => row(tx, event)));
  const insertion = sql`
    insert into events.log (id, producer, type, version, aggregate, occurred_at, actor, correlation_id, origin, payload, personal, subject, secret, secret_for, secret_expires_at)
    select (e->>'id')::uuid, e->>'producer', e->>'type', (e->>'version')::integer, e->>'aggregate', coalesce((e->>'occurredAt')::timestamptz, clock_timestamp()),
      e->'actor', e->>'correlationId', e->>'origin', e->'payload', nullif(e->'personal', 'null'), e->>'subject', e->>'secret', e->>'secretFor', (e->>'secretExpiresAt')::timestamptz
    from jsonb_array_elements(cast(${rows}::text as jsonb)) with ordinality as list (e, n) order by n`;
  unawaited(tx, tx.execute(insertion));
  afterCommit(tx, announce);
}

function row({ scope }: Tx, event: DraftEvent): Record<string, unknown> {
  const { contract, secret } = event;
  if (contract.producer !== anyDomain && contract.producer !== scope.domain)
    throw new EventInvalid(`${scope.domain} may not emit ${contract.type}`);
  const id = toUuid(newId('evt'));
  return {
    id,
    producer: scope.domain,
    type: contract.type,
    version: contract.version,
    aggregate: event.aggregate,
    occurredAt: event.occurredAt,
    actor: { kind: scope.identity.kind, id: scope.identity.subjectId },
    correlationId: scope.correlationId,
    origin: scope.origin,
    payload: jsonOf(event.payload),
    personal: event.personal === null ? null : jsonOf(event.personal),
    subject: event.subject,
    secret: secret?.sealer.seal(secret.value, secretPlace(id)) ?? null,
    secretFor: secret ? contract.secretFor : null,
    secretExpiresAt: secret?.expiresAt ?? null,
  };
}

/** The tagged form of core's JSON, in which bigint and Date survive. */
const jsonOf = (value: unknown): unknown => JSON.parse(encodeJson(value));
