import { newId, toUuid, type Id } from '@storegraph/core';
import { identity } from '@storegraph/testing';
import { beforeAll, describe, expect, it } from 'vitest';
import { accountsHarness, refusals } from '../../../test/support.ts';

const { as, admin, merchant } = await accountsHarness();
const owner = await merchant('working');
const staff = as({ ...identity.platform(), permissions: [] });
const retry = (jobId: string) => refusals(staff, 'jobRetry', 'JobRetryInput', { jobId });

const job = { waiting: newId('job'), running: newId('job'), done: newId('job'), failed: newId('job'), cancelled: newId('job') };
const dead = { letter: newId('job'), orphan: newId('job') };
const hostile = { huge: newId('job'), strange: newId('job'), internal: newId('job') };
const orderId = newId('ord');

/** As pg-boss writes its rows. */
async function add(
  id: Id<'job'>,
  state: string,
  more: { queue?: string; data?: unknown; output?: unknown; retries?: number; source?: Id<'job'> } = {},
) {
  const { queue = 'orders.work', output = null, retries = 0, source } = more;
  const data = more.data ?? {
    storeId: toUuid(owner.storeId),
    correlationId: 'req',
    data: { orderId, number: 7, note: 'Ada lives in Leeds' },
  };
  const begun = state === 'created' ? 'null' : 'now()';
  await admin(
    `insert into jobs.job (id, name, state, data, output, retry_limit, retry_count, priority, start_after, started_on, completed_on, dead_letter, source_name, source_id)
     values ($1::uuid, $2, $3::jobs.job_state, $4::text::jsonb, $5::text::jsonb, 2, $6::int, 5, now() + interval '90 seconds', ${begun}, ${state === 'completed' ? 'now()' : 'null'},
       case when $2 = 'orders.work' then 'orders.work.dead' end, $7, $8::uuid)`,
    [
      toUuid(id),
      queue,
      state,
      JSON.stringify(data),
      JSON.stringify(output),
      retries,
      source ? 'orders.work' : null,
      source ? toUuid(source) : null,
    ],
  );
}

beforeAll(async () => {
  for (const name of ['orders.work.dead', 'orders.work', '__pgboss__send-it', 'customers.other'])
    await admin(`select jobs.create_queue('${name}', '{"policy": "standard"}')`);
  const output = {
    name: 'JobFailed',
    message: 'DatabaseError 23505 orders_unique at place.ts:7, of ada@example.com sk_abcdefghijklmnopqrstuvwxyz',
  };
  await add(job.waiting, 'created');
  await add(job.running, 'active', { retries: 1 });
  await add(job.done, 'completed', { output: { sent: 3, to: 'ada@example.com' } });
  await add(job.failed, 'failed', { retries: 2, output });
  await add(dead.letter, 'created', { queue: 'orders.work.dead', source: job.failed });
  await add(dead.orphan, 'created', { queue: 'orders.work.dead', source: newId('job') });
  await add(job.cancelled, 'cancelled', { queue: 'customers.other' });
  await add(hostile.huge, 'created', {
    queue: 'customers.other',
    data: { data: { list: Array.from({ length: 40_000 }, (_, n) => n * 7919) } },
  });
  await add(hostile.strange, 'created', { queue: 'customers.other', data: ['no', 'envelope', { storeId: 'x' }] });
  await add(hostile.internal, 'created', { queue: '__pgboss__send-it' });
});

interface Shown {
  readonly id: string;
  readonly name: string;
  readonly state: string;
  readonly error: string | null;
}
const fields = `id queue name state store { slug } attempts maxAttempts priority delaySeconds data result error tooLarge
  availableTransitions { name allowed reason }`;
async function list(args = '') {
  const { jobs } = await staff.data<{ jobs: { nodes: Shown[]; pageInfo: { hasNextPage: boolean; endCursor: string | null } } }>(
    `{ jobs${args} { nodes { ${fields} createdAt startAfter startedAt completedAt } pageInfo { hasNextPage endCursor } } }`,
  );
  return jobs;
}
const stateOf = async (id: Id<'job'>) =>
  (await admin(`select state::text, retry_limit from jobs.job where id = $1::uuid`, [toUuid(id)]))[0];

describe('jobs', () => {
  it('shows every domain’s, in the words of the graph, with nothing in it that a person wrote', async () => {
    const { nodes } = await list('(filter: { queues: ["orders.work"] })');
    const common = {
      queue: 'orders.work',
      name: 'orders.work',
      store: { slug: 'working' },
      maxAttempts: 3,
      priority: 5,
      delaySeconds: 90,
      tooLarge: false,
    };
    const data = { orderId, number: 7, note: '…' };
    const byId = new Map(nodes.map((node) => [node.id, node]));
    expect(byId.size).toBe(5);
    expect(byId.get(job.waiting)).toMatchObject({ ...common, state: 'PENDING', attempts: 0, data, result: null, error: null });
    expect(byId.get(job.running)).toMatchObject({ ...common, state: 'PROCESSING', attempts: 2, data });
    expect(byId.get(job.done)).toMatchObject({ ...common, state: 'COMPLETED', attempts: 1, result: { sent: 3, to: '…' } });
    expect(byId.get(job.failed)).toMatchObject({
      ...common,
      state: 'FAILED',
      attempts: 3,
      error: 'DatabaseError 23505 orders_unique at place.ts:7, of … …',
    });
    expect(byId.get(dead.orphan)).toMatchObject({ queue: 'orders.work.dead', name: 'orders.work', state: 'FAILED' });
    expect(byId.get(job.failed)).toMatchObject({
      availableTransitions: [
        { name: 'RETRY', allowed: true, reason: null },
        { name: 'CANCEL', allowed: false, reason: 'ALREADY_ENDED' },
      ],
    });
    expect((await list('(filter: { states: [FAILED, CANCELLED] })')).nodes.map(({ id }) => id).toSorted()).toEqual(
      [job.failed, dead.orphan, job.cancelled].toSorted(),
    );
  });

  it('is not broken by a huge or a hostile row', async () => {
    const { nodes } = await list('(filter: { queues: ["customers.other"], states: [PENDING] })');
    const byId = new Map(nodes.map((node) => [node.id, node]));
    expect(byId.get(hostile.huge)).toMatchObject({ tooLarge: true, data: null });
    expect(byId.get(hostile.strange)).toMatchObject({ tooLarge: false, data: null, store: null });
    expect((await list('(first: 100)')).nodes.map(({ id }) => id)).not.toContain(hostile.internal);
  });

  it('is paged by place, and refuses pages and cursors that there are not', async () => {
    const seen: string[] = [];
    let after: string | null = null;
    for (let pages = 0; pages < 4; pages += 1) {
      const page: Awaited<ReturnType<typeof list>> = await list(`(first: 2, after: ${JSON.stringify(after)})`);
      seen.push(...page.nodes.map(({ id }) => id));
      after = page.pageInfo.endCursor;
    }
    expect(new Set(seen).size).toBe(8);
    const forged = Buffer.from(JSON.stringify(['2026-02-31 00:00:00.000000', toUuid(job.done)])).toString('base64url');
    for (const args of ['(first: 101)', '(after: "nonsense")', `(after: "${forged}")`])
      expect(await staff.codes(`{ jobs${args} { nodes { id } } }`)).toEqual(['BAD_REQUEST']);
  });

  it('is for the platform: nobody else gets a row, past the resolvers neither', async () => {
    expect(await owner.client.codes('{ jobs { nodes { id } } }')).toEqual(['FORBIDDEN']);
    for (const role of ['orders', 'customers']) {
      await expect(
        admin(`begin; set local role storegraph_${role}; select * from jobs.list_jobs(null, null, null, null, null, 10)`),
      ).rejects.toMatchObject({ code: '42501' });
      await admin('rollback');
    }
    const asStaff = `begin; set local role storegraph_accounts; set local app.kind = 'STAFF'; select id from jobs.list_jobs(null, null, null, null, null, 10); rollback`;
    expect(((await admin(asStaff)) as unknown as object[][]).flat()).toEqual([]);
  });
});

describe('jobRetry', () => {
  it('has a failed job tried once more, and its dead letter not as well', async () => {
    expect(await retry(job.failed)).toEqual([]);
    expect(await stateOf(job.failed)).toEqual({ state: 'retry', retry_limit: 3 });
    expect(await stateOf(dead.letter)).toBeUndefined();
    expect(await retry(job.failed)).toEqual(['NOT_FAILED jobId']);
  });

  it('takes up a cancelled job again, and begins one anew of which only the dead letter is left, once of two calls', async () => {
    expect(await retry(job.cancelled)).toEqual([]);
    expect(await stateOf(job.cancelled)).toMatchObject({ state: 'retry' });
    const answers = await Promise.all([retry(dead.orphan), retry(dead.orphan)]);
    expect(answers.toSorted((a, b) => a.length - b.length)[0]).toEqual([]);
    expect(answers.filter((codes) => codes.length === 1)).toHaveLength(1);
    expect(await admin(`select count(*)::int as n from jobs.job where name = 'orders.work' and state = 'created'`)).toEqual([{ n: 2 }]);
  });

  it('refuses bad input, what waits or is done, and everybody but the platform', async () => {
    for (const missing of ['', 'nonsense', newId('job'), newId('mem'), hostile.internal])
      expect(await retry(missing)).toEqual(['NOT_FOUND jobId']);
    for (const id of [job.waiting, job.running, job.done]) expect(await retry(id)).toEqual(['NOT_FAILED jobId']);
    expect(await owner.client.codes(`mutation { jobRetry(input: { jobId: "${job.done}" }) { userErrors { code } } }`)).toEqual([
      'FORBIDDEN',
    ]);
  });
});
