import { OperatorError } from '@storegraph/core';
import type { Direct } from '@storegraph/database';
import { ClaimLost, type Claim, type ConsumerSpec, type News, type StoredEvent } from '../transport.ts';
import { eventColumns, originsOf, toEvent, type EventRow } from './rows.ts';

const sequenceBatch = 1_000;

interface NewsRow {
  readonly head: string;
  readonly sequenced: string;
  readonly types: string[] | null;
  readonly due: string[] | null;
  readonly replays: string[] | null;
}

/** One statement a round. It can't see what it sequences itself: `more` then asks for another round. */
export async function news(direct: Direct, names: readonly string[], after: number): Promise<News> {
  const [row] = await direct.query<NewsRow>(
    `select s.head, s.sequenced,
       (select json_agg(distinct type) from events.log where position > $2::bigint and position <= s.head) as types,
       (select json_agg(distinct consumer) from events.held where consumer = any($1::text[]) and next_attempt_at <= now()) as due,
       (select json_agg(name) from events.consumers where name = any($1::text[]) and replay_requested) as replays
     from (select last_position as head, events.sequence($3) as sequenced from events.sequencer offset 0) s`,
    [names, after, sequenceBatch],
  );
  if (!row) throw new Error('The log has no sequencer');
  const { head, sequenced, types, due, replays } = row;
  return {
    head: Number(head),
    more: Number(sequenced) > Number(head),
    types: new Set(types),
    due: new Set(due),
    replays: new Set(replays),
  };
}

export async function read(
  direct: Direct,
  consumer: ConsumerSpec,
  after: number,
  upTo: number,
  limit: number,
): Promise<readonly StoredEvent[]> {
  const rows = await direct.query<EventRow>(
    `select ${eventColumns('$1')} from events.log l
     where l.position > $2::bigint and l.position <= $3::bigint and l.type = any($4::text[]) and l.origin = any($5::text[])
     order by l.position limit $6`,
    [consumer.domain, after, upTo, consumer.types, originsOf(consumer), limit],
  );
  return rows.map(toEvent);
}

export async function progress(direct: Direct, { name, epoch }: Claim, position: number, begun: number): Promise<void> {
  const rows = await direct.query(
    'update events.consumers set position = $3::bigint, begun_position = $4::bigint where name = $1 and epoch = $2 returning name',
    [name, epoch, position, begun],
  );
  if (rows.length === 0) throw new ClaimLost(name);
}

export async function requestReplay(direct: Direct, consumer: string): Promise<void> {
  const [row] = await direct.query<{ kind: string }>('select kind from events.consumers where name = $1', [consumer]);
  if (!row) throw new OperatorError(`There is no consumer "${consumer}".`, 'Consumers are named <domain>.<what-it-does>.');
  if (row.kind !== 'projection')
    throw new OperatorError(`${consumer} is an effect and no projection.`, 'What it does in the world is never done again.');
  await direct.query('update events.consumers set replay_requested = true where name = $1', [consumer]);
}

/** The held rows go in the same statement: they will be read again. */
export async function rewind(direct: Direct, { name, epoch }: Claim): Promise<void> {
  const rows = await direct.query(
    `with rewound as (
       update events.consumers set position = 0, begun_position = 0, replay_requested = false
       where name = $1 and epoch = $2 and kind = 'projection' returning name
     ), forgotten as (delete from events.held where consumer in (select name from rewound))
     select name from rewound`,
    [name, epoch],
  );
  if (rows.length === 0) throw new ClaimLost(name);
}

/** What is held may have been handled by a process that died before it could note that: its mark stays. */
export async function forgettable(direct: Direct, names: readonly string[]): Promise<ReadonlyMap<string, number>> {
  const rows = await direct.query<{ name: string; upto: string }>(
    `select name, least(position, (select min(h.position) - 1 from events.held h where h.consumer = c.name)) as upto
     from events.consumers c where name = any($1::text[])`,
    [names],
  );
  return new Map(rows.map(({ name, upto }) => [name, Number(upto)]));
}

export async function expireSecrets(direct: Direct): Promise<number> {
  const [row] = await direct.query<{ blanked: string }>('select events.expire_secrets() as blanked');
  return Number(row?.blanked ?? 0);
}
