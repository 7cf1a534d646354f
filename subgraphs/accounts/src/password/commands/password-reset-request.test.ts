import { describe, expect, it } from 'vitest';
import { credentialsHarness } from '../../../test/credentials.ts';

const { admin, signUp, refused, visitor, sendResets, sent, token, clock } = await credentialsHarness();
const mutation = 'passwordResetRequest';
const mails = async () => {
  const [row] = await admin<{ n: number }>(`select count(*)::int as n from events.log where type = 'user.passwordResetRequested'`);
  return row?.n;
};

describe('passwordResetRequest', () => {
  it('answers alike for a known, an unknown and a locked-out address, after the same statements, and mails the known one', async () => {
    await signUp('known@example.test');
    await signUp('locked@example.test');
    await admin(`update accounts.users set active = false where email = 'locked@example.test'`);
    const works: string[][] = [];
    for (const email of ['known@example.test', 'nobody@example.test', 'locked@example.test']) {
      sent();
      expect(await refused(visitor, mutation, { email })).toEqual([]);
      works.push(sent());
    }
    expect(works[1]).toEqual(works[0]);
    expect(works[2]).toEqual(works[0]);
    expect(await sendResets()).toBe(3);
    expect(await mails()).toBe(1);
    expect(await token('known@example.test', 'user.passwordResetRequested')).toMatch(/^pr_[\w-]{43}$/);
  });

  it('sends nothing twice when the job runs again', async () => {
    await signUp('twice@example.test');
    await refused(visitor, mutation, { email: 'twice@example.test' });
    const before = (await mails()) ?? 0;
    await sendResets();
    await admin(`update jobs.job set state = 'created' where name = 'accounts.send-password-reset'`);
    await sendResets();
    expect(await mails()).toBe(before + 1);
  });

  it('sends an address five mails an hour, and refuses a sixth alike where nobody has it', async () => {
    await signUp('flooded@example.test');
    for (const email of ['flooded@example.test', 'unknown@example.test']) {
      const answers = await Promise.all(Array.from({ length: 8 }, () => refused(visitor, mutation, { email })));
      expect(answers.filter((codes) => codes.length === 0)).toHaveLength(5);
      expect(answers.flat()).toEqual(['TOO_MANY_ATTEMPTS', 'TOO_MANY_ATTEMPTS', 'TOO_MANY_ATTEMPTS']);
    }
    clock.advance(61 * 60_000);
    expect(await refused(visitor, mutation, { email: 'flooded@example.test' })).toEqual([]);
  });

  it('refuses bad input', async () => {
    expect(await refused(visitor, mutation, { email: '' })).toEqual(['REQUIRED email']);
    expect(await refused(visitor, mutation, { email: 'not an address' })).toEqual(['INVALID email']);
    expect(await refused(visitor, mutation, { email: `${'a'.repeat(250)}@b.test` })).toEqual(['TOO_LONG email']);
  });
});
