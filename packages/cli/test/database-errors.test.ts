import { OperatorError } from '@storegraph/core';
import { testDatabase, type TestDatabase } from '@storegraph/testing';
import { beforeAll, expect, it } from 'vitest';
import { explainDatabase } from '../src/database-errors.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});

/** What PostgreSQL itself says when something goes wrong in that way. */
async function failure(state: string): Promise<unknown> {
  return database.admin(`do $$ begin raise exception 'canary' using errcode = '${state}'; end $$`).then(
    () => undefined,
    (error: unknown) => error,
  );
}

it.each([
  ['53100', 'The disk is full.'],
  ['57P01', 'The database does not answer.'],
  ['42501', 'The database is not prepared for this deployment.'],
])('says in a sentence what %s means, and nothing of what the server said', async (state, sentence) => {
  const explained = explainDatabase(await failure(state));
  expect(explained).toBeInstanceOf(OperatorError);
  expect(explained).toMatchObject({ message: sentence });
});

it('leaves what is no operator’s doing as it is', async () => {
  const error = await failure('23505');
  expect(explainDatabase(error)).toBe(error);
});
