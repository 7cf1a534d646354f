import { describe, expect, it } from 'vitest';
import { credentialsHarness } from '../../../test/credentials.ts';
import { password } from '../../../test/support.ts';

const { admin, person, token, refused, visitor, events, sendResets } = await credentialsHarness();
const mutation = 'userEmailChangeRequest';
const addressOf = (email: string) =>
  admin(`select email, email_verified_at is not null as verified from accounts.users where email = '${email}'`);

describe('userEmailChangeRequest', () => {
  it('changes nothing before the new address is verified; then the old one is told, and what was sent to it leads nowhere', async () => {
    const { client } = await person('old@example.test');
    await refused(visitor, 'passwordResetRequest', { email: 'old@example.test' });
    await sendResets();
    const reset = await token('old@example.test', 'user.passwordResetRequested');
    expect(await refused(client, mutation, { email: 'New@example.test', currentPassword: password })).toEqual([]);
    expect(await addressOf('old@example.test')).toEqual([{ email: 'old@example.test', verified: false }]);
    expect(await refused(client, 'userEmailVerify', { token: await token('new@example.test') })).toEqual([]);
    expect(await addressOf('old@example.test')).toEqual([]);
    expect(await addressOf('new@example.test')).toEqual([{ email: 'new@example.test', verified: true }]);
    expect((await events('old@example.test')).map(({ type }) => type)).toEqual([
      'user.signedUp',
      'user.emailVerificationRequested',
      'user.passwordResetRequested',
      'user.emailChangeRequested',
      'user.emailVerified',
      'user.emailChanged',
    ]);
    const told = await admin(`select personal from events.log where type = 'user.emailChanged'`);
    expect(told).toEqual([{ personal: { email: 'new@example.test', formerEmail: 'old@example.test' } }]);
    expect(await refused(visitor, 'passwordReset', { token: reset, newPassword: password })).toEqual(['INVALID_TOKEN token']);
    const query = 'mutation ($input: SessionCreateInput!) { sessionCreate(input: $input) { userErrors { code } } }';
    expect(await visitor.data(query, { input: { email: 'new@example.test', password } })).toEqual({ sessionCreate: { userErrors: [] } });
  });

  it('answers alike where somebody has the address, who alone can read that it is taken', async () => {
    const { client } = await person('wants@example.test');
    await person('has@example.test');
    expect(await refused(client, mutation, { email: 'has@example.test', currentPassword: password })).toEqual([]);
    const mailed = await token('has@example.test', 'user.emailChangeRequested');
    expect(await refused(client, 'userEmailVerify', { token: mailed })).toEqual(['EMAIL_TAKEN token']);
    expect(await addressOf('wants@example.test')).toEqual([{ email: 'wants@example.test', verified: false }]);
  });

  it('refuses bad input, the same address and a wrong password', async () => {
    const { client } = await person('same@example.test');
    const change = (input: object) => refused(client, mutation, { email: 'other@example.test', currentPassword: password, ...input });
    expect(await change({ email: 'not an address' })).toEqual(['INVALID email']);
    expect(await change({ email: '', currentPassword: '' })).toEqual(['REQUIRED email', 'REQUIRED currentPassword']);
    expect(await change({ currentPassword: 'x'.repeat(257) })).toEqual(['TOO_LONG currentPassword']);
    expect(await change({ email: 'Same@example.test' })).toEqual(['UNCHANGED email']);
    expect(await change({ currentPassword: 'a wrong password' })).toEqual(['INVALID_CREDENTIALS currentPassword']);
    expect(await admin(`select 1 from accounts.one_time_tokens where email = 'other@example.test'`)).toEqual([]);
  });
});
