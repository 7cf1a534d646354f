import { hashToken } from '@storegraph/auth';
import { describe, expect, it } from 'vitest';
import { credentialsHarness } from '../../../test/credentials.ts';

const { admin, person, token, refused, visitor, clock } = await credentialsHarness();
const mutation = 'userEmailVerificationRequest';

describe('userEmailVerificationRequest', () => {
  it('has another token sent, which ends the one that sign-up sent', async () => {
    const { client } = await person('again@example.test');
    const first = await token('again@example.test');
    expect(await refused(client, mutation, { email: 'Again@example.test' })).toEqual([]);
    const second = await token('again@example.test');
    expect(second).not.toBe(first);
    expect(await refused(client, 'userEmailVerify', { token: first })).toEqual(['INVALID_TOKEN token']);
    expect(await refused(client, 'userEmailVerify', { token: second })).toEqual([]);
    expect(await refused(client, mutation, { email: 'again@example.test' })).toEqual(['ALREADY_VERIFIED email']);
  });

  it('leaves one open token of ten requests at once, and sends five mails an hour', async () => {
    const { client } = await person('many@example.test');
    const answers = await Promise.all(Array.from({ length: 10 }, () => refused(client, mutation, { email: 'many@example.test' })));
    expect(answers.filter((codes) => codes.length === 0)).toHaveLength(5);
    expect(answers.flat()).toEqual(Array.from({ length: 5 }, () => 'TOO_MANY_ATTEMPTS'));
    const hash = hashToken(await token('many@example.test'));
    const open = await admin(`select t.token_hash from accounts.one_time_tokens t join accounts.users u using (user_id)
      where u.email = 'many@example.test' and t.used_at is null and t.ended_at is null`);
    expect(open).toEqual([{ token_hash: hash }]);
    clock.advance(61 * 60_000);
    expect(await refused(client, mutation, { email: 'many@example.test' })).toEqual([]);
  });

  it('refuses bad input, an address that is not the caller’s, and a visitor', async () => {
    const { client } = await person('mine@example.test');
    await person('theirs@example.test');
    expect(await refused(client, mutation, { email: ' ' })).toEqual(['REQUIRED email']);
    expect(await refused(client, mutation, { email: 'not an address' })).toEqual(['INVALID email']);
    expect(await refused(client, mutation, { email: `${'a'.repeat(250)}@b.test` })).toEqual(['TOO_LONG email']);
    expect(await refused(client, mutation, { email: 'theirs@example.test' })).toEqual(['ADDRESS_CHANGED email']);
    const query = `mutation { ${mutation}(input: { email: "mine@example.test" }) { accepted } }`;
    expect(await visitor.codes(query)).toEqual(['UNAUTHENTICATED']);
  });
});
