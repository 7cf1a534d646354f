import type { ConsumerSpec, StoredEvent } from '../transport.ts';
import type { Actor, Origin } from '../contract.ts';

interface EventRow {
  readonly id: string;
  readonly position: string;
  readonly type: string;
  readonly version: number;
  readonly store_id: string | null;
  readonly aggregate: string;
  readonly occurred_at: Date;
  readonly recorded_at: Date;
  readonly actor: Actor;
  readonly correlation_id: string;
  readonly origin: Origin;
  readonly payload: string;
  readonly personal: string | null;
  readonly secret: string | null;
}

/**
 * Columns of an event of `l` for the consumer whose domain is parameter `$n`. Personal data of an erased person is withheld even where the sequencer has
 * yet to blank what came during the erasure.
 */
export const eventColumns = (domain: string): string => `
  l.id, l.position, l.type, l.version, l.store_id, l.aggregate, l.occurred_at, l.recorded_at, l.actor, l.correlation_id, l.origin, l.payload::text as payload,
  case when not exists (select from events.erasures x where x.subject = l.subject and x.store_id is not distinct from l.store_id) then l.personal::text end as personal,
  case when l.secret_for = ${domain} then events.secret_of(l.id, ${domain}) end as secret`;

export const toEvent = (row: EventRow): StoredEvent => ({
  id: row.id,
  position: Number(row.position),
  type: row.type,
  version: row.version,
  storeId: row.store_id,
  aggregate: row.aggregate,
  occurredAt: row.occurred_at,
  recordedAt: row.recorded_at,
  actor: row.actor,
  correlationId: row.correlation_id,
  origin: row.origin,
  payload: row.payload,
  personal: row.personal,
  secret: row.secret,
});

export type { EventRow };

/** Effects never see imports. */
export const originsOf = ({ kind }: ConsumerSpec): Origin[] => (kind === 'projection' ? ['LIVE', 'IMPORT'] : ['LIVE']);
