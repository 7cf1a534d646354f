import { fromUuid, parseId, toUuid } from '@storegraph/core';
import type { Direct } from '@storegraph/database';
import {
  ClaimLost,
  type Claim,
  type ConsumerSpec,
  type ConsumerState,
  type DueEvent,
  type HeldEvent,
  type StoredEvent,
} from '../transport.ts';
import { eventColumns, toEvent, type EventRow } from './rows.ts';

interface Failure {
  readonly error: string;
  readonly delayMs: number | null;
}

/** Only the process that has the consumer may change what it holds. */
const fence = `exists (select from events.consumers where name = $1 and epoch = $2)`;

const asTimes = (parameter: string) => `
  case when ${parameter}::integer is not null then now() + ${parameter}::integer * interval '1 millisecond' end,
  case when ${parameter}::integer is null then now() end`;

export async function hold(direct: Direct, { name, epoch }: Claim, event: StoredEvent, { error, delayMs }: Failure): Promise<void> {
  const rows = await direct.query(
    `with allowed as (select 1 where ${fence}),
     holding as (
       insert into events.held (consumer, event_id, position, aggregate, attempts, error, next_attempt_at, parked_at)
       select $1, $3::uuid, $4::bigint, $5, 1, $6, ${asTimes('$7')} from allowed on conflict do nothing
     )
     select from allowed`,
    [name, epoch, event.id, event.position, event.aggregate, error, delayMs],
  );
  if (rows.length === 0) throw new ClaimLost(name);
}

/** The table tells whether there is anything to wait for: the caller may not have heard that it is settled. */
export async function queue(direct: Direct, { name, epoch }: Claim, events: readonly StoredEvent[]): Promise<void> {
  const rows = await direct.query(
    `with allowed as (select 1 where ${fence}),
     queueing as (
       insert into events.held (consumer, event_id, position, aggregate, next_attempt_at)
       select $1, e.event_id, e.position, e.aggregate,
         case when e.place = 1 and not exists (select from events.held h where h.consumer = $1 and h.aggregate = e.aggregate) then now() end
       from allowed, (
         select *, row_number() over (partition by aggregate order by position) as place
         from unnest($3::uuid[], $4::bigint[], $5::text[]) as given (event_id, position, aggregate)
       ) e
       on conflict do nothing
     )
     select from allowed`,
    [name, epoch, events.map(({ id }) => id), events.map(({ position }) => position), events.map(({ aggregate }) => aggregate)],
  );
  if (rows.length === 0) throw new ClaimLost(name);
}

export async function due(direct: Direct, { name, epoch }: Claim, { domain }: ConsumerSpec): Promise<DueEvent | undefined> {
  const [row] = await direct.query<EventRow & { attempts: number }>(
    `with next as (
       select event_id from events.held where consumer = $1 and next_attempt_at <= now() and ${fence} order by next_attempt_at, position limit 1
     ), counted as (
       update events.held h set attempts = attempts + 1 from next n where h.consumer = $1 and h.event_id = n.event_id returning h.event_id, h.attempts
     )
     select c.attempts, ${eventColumns('$3')} from counted c join events.log l on l.id = c.event_id`,
    [name, epoch, domain],
  );
  return row && { event: toEvent(row), attempts: row.attempts };
}

export async function settle(direct: Direct, { name, epoch }: Claim, event: StoredEvent): Promise<boolean> {
  const [row] = await direct.query<{ more: boolean }>(
    `with gone as (delete from events.held where consumer = $1 and event_id = $3::uuid and ${fence} returning aggregate),
     next as (
       select event_id from events.held h join gone using (aggregate) where h.consumer = $1 and h.event_id <> $3::uuid order by h.position limit 1
     ), freed as (
       update events.held h set next_attempt_at = now() from next n
       where h.consumer = $1 and h.event_id = n.event_id and h.next_attempt_at is null and h.parked_at is null
     )
     select exists (select from next) as more from gone`,
    [name, epoch, event.id],
  );
  if (!row) throw new ClaimLost(name);
  return row.more;
}

export async function postpone(direct: Direct, { name, epoch }: Claim, event: StoredEvent, { error, delayMs }: Failure): Promise<void> {
  const rows = await direct.query(
    `update events.held set error = $4, (next_attempt_at, parked_at) = row (${asTimes('$5')})
     where consumer = $1 and event_id = $3::uuid and ${fence} returning event_id`,
    [name, epoch, event.id, error, delayMs],
  );
  if (rows.length === 0) throw new ClaimLost(name);
}

/** Aggregates of which nothing is tried, nor parked, have nothing to wait for. A statement that outlives its connection can leave some so. */
export async function unstrand(direct: Direct, names: readonly string[]): Promise<void> {
  await direct.query(
    `update events.held h set next_attempt_at = now()
     from (
       select consumer, aggregate, min(position) as position from events.held where consumer = any($1::text[])
       group by consumer, aggregate having count(next_attempt_at) = 0 and count(parked_at) = 0
     ) first
     where h.consumer = first.consumer and h.aggregate = first.aggregate and h.position = first.position`,
    [names],
  );
}

export async function retrying(direct: Direct, names: readonly string[]): Promise<boolean> {
  const [row] = await direct.query<{ retrying: boolean }>(
    'select exists (select from events.held where consumer = any($1::text[]) and next_attempt_at is not null) as retrying',
    [names],
  );
  return row?.retrying ?? false;
}

interface StateRow {
  readonly name: string;
  readonly kind: ConsumerState['kind'];
  readonly behind: string;
  readonly held: string;
  readonly parked: string;
}

export async function states(direct: Direct): Promise<readonly ConsumerState[]> {
  const rows = await direct.query<StateRow>(
    `select c.name, c.kind, count(h.event_id) as held, count(h.parked_at) as parked,
       (select count(*) from events.log l where l.position > c.position and l.type = any(c.types) and (c.kind = 'projection' or l.origin = 'LIVE')) as behind
     from events.consumers c left join events.held h on h.consumer = c.name
     group by c.name order by c.name`,
  );
  return rows.map(({ name, kind, behind, held, parked: given }) => ({
    name,
    kind,
    behind: Number(behind),
    held: Number(held),
    parked: Number(given),
  }));
}

interface ParkedRow {
  readonly consumer: string;
  readonly event_id: string;
  readonly type: string;
  readonly aggregate: string;
  readonly attempts: number;
  readonly error: string | null;
  readonly parked_at: Date;
  readonly waiting: string;
}

export async function parked(direct: Direct): Promise<readonly HeldEvent[]> {
  const rows = await direct.query<ParkedRow>(
    `select h.consumer, h.event_id, l.type, h.aggregate, h.attempts, h.error, h.parked_at,
       (select count(*) from events.held w where w.consumer = h.consumer and w.aggregate = h.aggregate and w.position > h.position) as waiting
     from events.held h join events.log l on l.id = h.event_id where h.parked_at is not null order by h.parked_at, h.position`,
  );
  return rows.map((row) => ({
    id: fromUuid('evt', row.event_id),
    consumer: row.consumer,
    type: row.type,
    aggregate: row.aggregate,
    attempts: row.attempts,
    error: row.error,
    parkedAt: row.parked_at,
    waiting: Number(row.waiting),
  }));
}

export async function retryParked(direct: Direct, id: string, consumer: string | null): Promise<number> {
  const event = parseId('evt', id);
  if (event === undefined) return 0;
  const rows = await direct.query(
    `update events.held set attempts = 0, parked_at = null, next_attempt_at = now()
     where event_id = $1::uuid and parked_at is not null and ($2::text is null or consumer = $2) returning consumer`,
    [toUuid(event), consumer],
  );
  return rows.length;
}
