import type { Direct } from '@storegraph/database';
import type { Claim, ConsumerSpec } from '../transport.ts';
import { unstrand } from './held.ts';

export async function register(direct: Direct, consumers: readonly ConsumerSpec[]): Promise<number> {
  // Whatever was emitted before an effect is first known lies behind its start.
  let head = 0;
  for (let before = -1; before < head;) {
    before = head;
    const [row] = await direct.query<{ head: string }>('select events.sequence(10000) as head');
    head = Number(row?.head ?? 0);
  }
  for (const { name, domain, kind, types } of consumers) {
    await direct.query(
      `insert into events.consumers as c (name, domain, kind, types, position, begun_position, started_position)
       select $1, $2, $3, $4::text[], start, start, start
       from (select case $3 when 'effect' then last_position else 0 end as start from events.sequencer) s
       on conflict (name) do update set domain = excluded.domain, kind = excluded.kind, types = excluded.types
       where (c.domain, c.kind, c.types) is distinct from (excluded.domain, excluded.kind, excluded.types)`,
      [name, domain, kind, [...types]],
    );
  }
  return head;
}

interface ClaimRow {
  readonly name: string;
  readonly epoch: string;
  readonly position: string;
  readonly held: string[] | null;
}

/**
 * Session locks on one connection: the server gives them up the moment the process dies. The connection's process id tells whether it is still the one
 * that took them.
 */
export function createClaims(locks: Direct, direct: Direct) {
  let backend = 0;
  let mine = new Set<string>();

  function sameBackend(pid: number) {
    if (pid !== backend) mine = new Set();
    backend = pid;
  }

  async function held(): Promise<ReadonlySet<string>> {
    const [row] = await locks.query<{ pid: number }>('select pg_backend_pid() as pid');
    sameBackend(row?.pid ?? 0);
    return mine;
  }

  async function claim(names: readonly string[]): Promise<readonly Claim[]> {
    if (names.length === 0) return [];
    const locked = await locks.query<{ name: string; pid: number; got: boolean }>(
      `select name, pg_backend_pid() as pid, pg_try_advisory_lock(hashtextextended('storegraph.events.consumer.' || name, 0)) as got
       from unnest($1::text[]) as name`,
      [names],
    );
    sameBackend(locked[0]?.pid ?? 0);
    const got = locked.filter((row) => row.got).map(({ name }) => name);
    if (got.length === 0) return [];
    const rows = await takeOver(direct, got);
    await unstrand(direct, got);
    for (const { name } of rows) mine.add(name);
    return rows.map(({ name, epoch, position, held: aggregates }) => ({
      name,
      epoch: Number(epoch),
      position: Number(position),
      heldAggregates: aggregates ?? [],
    }));
  }

  async function release(): Promise<void> {
    mine = new Set();
    await locks.query('select pg_advisory_unlock_all()');
  }

  return { claim, held, release };
}

/**
 * What the predecessor had begun and not noted as done is held, so that it is tried one at a time and each attempt counted before it runs: an event that
 * kills its process is parked in the end. What had been committed is recognised when it is tried.
 */
const takeOver = (direct: Direct, names: readonly string[]) =>
  direct.query<ClaimRow>(
    `with before as (select name, kind, types, position, begun_position from events.consumers where name = any($1::text[]) for update),
     begun as (
       select b.name, l.id, l.position, l.aggregate,
         row_number() over (partition by b.name, l.aggregate order by l.position) = 1
           and not exists (select from events.held h where h.consumer = b.name and h.aggregate = l.aggregate) as first
       from before b join events.log l on l.position > b.position and l.position <= b.begun_position and l.type = any(b.types)
         and (b.kind = 'projection' or l.origin = 'LIVE')
     ),
     holding as (
       insert into events.held (consumer, event_id, position, aggregate, next_attempt_at)
       select name, id, position, aggregate, case when first then now() end from begun
       on conflict do nothing returning consumer, aggregate
     )
     update events.consumers c set epoch = c.epoch + 1, position = b.begun_position from before b where c.name = b.name
     returning c.name, c.epoch, c.position,
       (select json_agg(aggregate) from (
          select aggregate from events.held where consumer = c.name union select aggregate from holding where consumer = c.name) as a) as held`,
    [names],
  );
