import { randomUUID } from 'node:crypto';
import { anonymous } from '@storegraph/auth';
import { testClient } from '@storegraph/testing';
import { describe, expect, it } from 'vitest';
import { credentialsHarness } from '../../../test/credentials.ts';

const { person, token, refused, visitor, clock, runtime, events } = await credentialsHarness();
const mutation = 'userEmailVerify';

describe('userEmailVerify', () => {
  it('verifies the address with the token that sign-up sent, once, of ten calls at the same moment', async () => {
    const { client } = await person('new@example.test');
    const mailed = await token('new@example.test');
    // Whoever reads the mail of an address that somebody else has signed up with confirms nothing by it.
    const { client: other } = await person('other@example.test');
    for (const stranger of [visitor, other]) expect(await refused(stranger, mutation, { token: mailed })).toEqual(['INVALID_TOKEN token']);
    const answers = await Promise.all(Array.from({ length: 10 }, () => refused(client, mutation, { token: mailed })));
    expect(answers.filter((codes) => codes.length === 0)).toHaveLength(1);
    expect(await client.data('{ viewer { user { email emailVerified } } }')).toEqual({
      viewer: { user: { email: 'new@example.test', emailVerified: true } },
    });
    expect((await events('new@example.test')).map(({ type }) => type)).toEqual([
      'user.signedUp',
      'user.emailVerificationRequested',
      'user.emailVerified',
    ]);
  });

  it('takes no token after two days', async () => {
    const { client } = await person('late@example.test');
    const mailed = await token('late@example.test');
    clock.advance(48 * 60 * 60_000);
    expect(await refused(client, mutation, { token: mailed })).toEqual(['INVALID_TOKEN token']);
  });

  it('refuses bad input, and lets an address of the network guess so many times', async () => {
    expect(await refused(visitor, mutation, { token: '' })).toEqual(['REQUIRED token']);
    expect(await refused(visitor, mutation, { token: 'x'.repeat(201) })).toEqual(['TOO_LONG token']);
    const from = testClient((query, variables) =>
      runtime.execute({ query, variables, identity: anonymous(), requestId: randomUUID(), ip: '192.0.2.9' }),
    );
    const guesses = await Promise.all(Array.from({ length: 60 }, (_, count) => refused(from, mutation, { token: `ev_${count}` })));
    expect(guesses.flat().filter((codes) => codes === 'INVALID_TOKEN token')).toHaveLength(50);
    expect(guesses.flat().filter((codes) => codes === 'TOO_MANY_ATTEMPTS')).toHaveLength(10);
  });
});
