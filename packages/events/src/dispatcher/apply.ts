import { system, type Sealer } from '@storegraph/auth';
import { decodeJson, fromUuid } from '@storegraph/core';
import type { Pool, Tx } from '@storegraph/database';
import { sql } from 'drizzle-orm';
import { EventInvalid, type Contract, type ReceivedEvent } from '../contract.ts';
import type { Reaction, ReactionServices } from '../reaction.ts';
import { secretPlace } from '../secret.ts';
import type { StoredEvent } from '../transport.ts';

export interface Handling {
  readonly pool: Pool;
  readonly domain: string;
  readonly reaction: Reaction;
  readonly sealer: Sealer | undefined;
}

/** Handles one event, unless it has been handled: the mark and the effect are one transaction. */
export async function apply({ pool, domain, reaction, sealer }: Handling, stored: StoredEvent): Promise<void> {
  const event = receive(contractOf(reaction, stored.type), stored, sealer);
  const db = pool.session({ domain, identity: system(event.storeId), correlationId: event.correlationId, origin: event.origin });
  try {
    await db.write(async (tx) => {
      // First, so that another process which has the same event in hand is waited for.
      if (await mark(tx, reaction.name, stored)) await reaction.handle(tx, event, servicesOf(sealer));
    });
  } finally {
    await db.end();
  }
}

const servicesOf = (sealer: Sealer | undefined): ReactionServices => ({
  get sealer() {
    if (!sealer) throw new Error('This process has no key to seal secrets with');
    return sealer;
  },
});

async function mark(tx: Tx, consumer: string, { id, position }: StoredEvent): Promise<boolean> {
  const rows = await tx.execute(sql`
    insert into ${sql.identifier(tx.scope.domain)}.handled_events (consumer, event_id, position)
    values (${consumer}, ${id}::uuid, ${position}::bigint) on conflict do nothing returning event_id`);
  return rows.length > 0;
}

function contractOf(reaction: Reaction, type: string): Contract {
  const contract = reaction.on.find((each) => each.type === type);
  if (!contract) throw new EventInvalid(`${reaction.name} does not react to ${type}`);
  return contract;
}

function receive(contract: Contract, stored: StoredEvent, sealer: Sealer | undefined): ReceivedEvent {
  const { payload, personal } = contract.read({
    version: stored.version,
    payload: decodeJson(stored.payload),
    personal: stored.personal === null ? null : decodeJson(stored.personal),
  });
  return {
    id: fromUuid('evt', stored.id),
    type: stored.type,
    version: stored.version,
    position: stored.position,
    storeId: stored.storeId === null ? null : fromUuid('sto', stored.storeId),
    aggregate: stored.aggregate,
    occurredAt: stored.occurredAt,
    recordedAt: stored.recordedAt,
    actor: stored.actor,
    correlationId: stored.correlationId,
    origin: stored.origin,
    payload,
    personal,
    secret: stored.secret === null || !sealer ? null : sealer.open(stored.secret, secretPlace(stored.id)),
  };
}

/** A projection that is replayed handles everything once more. */
export async function forgetHandled(pool: Pool, domain: string, consumer: string): Promise<void> {
  await pool.sweep(domain, (tx) => tx.execute(sql`delete from ${sql.identifier(domain)}.handled_events where consumer = ${consumer}`));
}

/**
 * Drops the marks of events that can't be given to the consumer again. They stay for some minutes, longer than any transaction lasts: a predecessor that
 * hangs may still come to its mark.
 */
export async function pruneHandled(pool: Pool, domain: string, consumer: string, upTo: number, olderThanMs = 600_000): Promise<void> {
  await pool.sweep(domain, (tx) =>
    tx.execute(sql`delete from ${sql.identifier(domain)}.handled_events
      where consumer = ${consumer} and position <= ${upTo}::bigint and handled_at <= now() - ${olderThanMs}::integer * interval '1 millisecond'`),
  );
}
