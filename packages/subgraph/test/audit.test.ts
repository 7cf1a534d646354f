import { identity } from '@storegraph/testing';
import { expect, it } from 'vitest';
import { fixtureHarness } from './fixture/runtime.ts';

const { ask, admin, storeId, agent } = await fixtureHarness();

const create = 'mutation { noteCreate(input: { text: "x" }) { note { id } userErrors { code } } }';
const activities = () =>
  admin<{ payload: Record<string, unknown> }>(
    "select payload, personal, actor, store_id from events.log where type = 'activity.recorded' order by recorded_at",
  );

it('a mutation of staff, of an API key and of the platform is noted, with what it was done to', async () => {
  const people = [agent, identity.apiKey(storeId, ['orders:write', 'orders:read']), identity.platform(storeId)];
  for (const [index, person] of people.entries()) {
    const answer = await ask(create, { identity: person, requestId: `req-${String(index)}`, ip: '192.0.2.7', userAgent: 'test' });
    const { note } = answer.data?.['noteCreate'] as { note: { id: string } };
    const noted = (await activities())[index];
    expect(noted?.payload).toEqual({
      action: 'noteCreate',
      resourceKind: 'Note',
      resourceId: note.id,
      fields: ['text'],
      actorKind: person.kind,
      actorId: person.subjectId,
      requestId: `req-${String(index)}`,
    });
    expect(noted).toMatchObject({
      personal: { ip: '192.0.2.7', userAgent: 'test', reason: null },
      actor: { kind: person.kind, id: person.subjectId },
    });
  }
  expect(await activities()).toHaveLength(people.length);
});

it('the fields that the input gave are noted by name, and nothing of what they hold', async () => {
  const input = { text: 'canary-text', customerId: 'cus_canary', password: null };
  await ask('mutation ($input: NoteCreateInput!) { noteCreate(input: $input) { note { id } } }', { variables: { input } });
  const noted = (await activities()).at(-1);
  expect(noted?.payload['fields']).toEqual(['text', 'customerId', 'password']);
  expect(JSON.stringify(noted)).not.toContain('canary');
});

it('a mutation of the system, a refused one, a failed one and a query are not', async () => {
  const before = await activities();
  await ask(create, { identity: identity.system(storeId) });
  await ask('mutation { noteCreate(input: { text: "" }) { note { id } } }');
  await ask(create, { identity: identity.staff(storeId, []) });
  await ask('{ notes { id } }');
  expect(await activities()).toEqual(before);
});
