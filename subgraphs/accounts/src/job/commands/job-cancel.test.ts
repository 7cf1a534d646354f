import { newId, toUuid } from '@storegraph/core';
import { identity } from '@storegraph/testing';
import { describe, expect, it } from 'vitest';
import { accountsHarness, refusals } from '../../../test/support.ts';

const { as, admin } = await accountsHarness();
const staff = as({ ...identity.platform(), permissions: [] });
const cancel = (jobId: string) => refusals(staff, 'jobCancel', 'JobCancelInput', { jobId });
const [waiting, running, done] = [newId('job'), newId('job'), newId('job')];
await admin(`select jobs.create_queue('orders.work', '{"policy": "standard"}')`);
for (const [id, state] of [
  [waiting, 'created'],
  [running, 'active'],
  [done, 'completed'],
] as const)
  await admin(`insert into jobs.job (id, name, state, data) values ($1::uuid, 'orders.work', $2::jobs.job_state, '{}')`, [
    toUuid(id),
    state,
  ]);

describe('jobCancel', () => {
  it('takes back a job that waits, and one that runs, once', async () => {
    const mutation = 'mutation ($input: JobCancelInput!) { jobCancel(input: $input) { job { state completedAt } userErrors { code } } }';
    expect(await staff.data(mutation, { input: { jobId: waiting } })).toEqual({
      jobCancel: { job: { state: 'CANCELLED', completedAt: expect.any(String) }, userErrors: [] },
    });
    expect(await cancel(running)).toEqual([]);
    for (const id of [waiting, running]) expect(await cancel(id)).toEqual(['ALREADY_ENDED jobId']);
  });

  it('refuses bad input, what is done, and everybody but the platform', async () => {
    for (const missing of ['', 'x'.repeat(10_000), newId('job'), newId('mem')]) expect(await cancel(missing)).toEqual(['NOT_FOUND jobId']);
    expect(await cancel(done)).toEqual(['ALREADY_ENDED jobId']);
    const asOwner = as(identity.staff(newId('sto')));
    expect(await asOwner.codes(`mutation { jobCancel(input: { jobId: "${done}" }) { userErrors { code } } }`)).toEqual(['FORBIDDEN']);
  });
});
