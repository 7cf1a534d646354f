import { describe, expect, it } from 'vitest';
import { credentialsHarness } from '../../../test/credentials.ts';
import { password } from '../../../test/support.ts';

const { admin, person, logIn, exchange, refused, visitor, begin } = await credentialsHarness();
const mutation = 'passwordChange';
const newPassword = 'quite another password';

describe('passwordChange', () => {
  it('sets the password and ends the other sessions, not the one that asks', async () => {
    const { client, tokens } = await person('change@example.test');
    const other = await logIn('change@example.test');
    expect(await refused(client, mutation, { currentPassword: password, newPassword })).toEqual([]);
    expect(await exchange(other.accessToken)).toBeNull();
    expect(await exchange(tokens.accessToken)).toMatchObject({ sessionId: tokens.id });
    expect((await begin('change@example.test')).userErrors).toMatchObject([{ code: 'INVALID_CREDENTIALS' }]);
    expect((await begin('change@example.test', newPassword)).session).not.toBeNull();
    expect(await admin(`select payload->'reset' as reset from events.log where type = 'user.passwordChanged'`)).toEqual([{ reset: false }]);
  });

  it('does one of two changes at the same moment', async () => {
    const { client } = await person('both@example.test');
    const answers = await Promise.all(
      ['one password', 'two password'].map((typed) => refused(client, mutation, { currentPassword: password, newPassword: typed })),
    );
    expect(answers.filter((codes) => codes.length === 0)).toHaveLength(1);
    expect(answers.flat()).toEqual(['INVALID_CREDENTIALS currentPassword']);
  });

  it('refuses bad input and slows down guesses of the present password', async () => {
    const { client } = await person('guess@example.test');
    const change = (input: object) => refused(client, mutation, { currentPassword: password, newPassword, ...input });
    expect(await change({ currentPassword: '', newPassword: '' })).toEqual(['REQUIRED currentPassword', 'REQUIRED newPassword']);
    expect(await change({ newPassword: 'x'.repeat(257) })).toEqual(['TOO_LONG newPassword']);
    expect(await change({ newPassword: '123456789' })).toEqual(['PASSWORD_TOO_SHORT newPassword']);
    for (let count = 0; count < 5; count += 1) {
      expect(await change({ currentPassword: 'a wrong password' })).toEqual(['INVALID_CREDENTIALS currentPassword']);
    }
    expect(await change({})).toEqual(['TOO_MANY_ATTEMPTS']);
    const query = `mutation { ${mutation}(input: { currentPassword: "a", newPassword: "b" }) { accepted } }`;
    expect(await visitor.codes(query)).toEqual(['UNAUTHENTICATED']);
  });
});
