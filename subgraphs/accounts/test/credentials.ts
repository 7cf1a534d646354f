import { createSealer, deriveSecrets } from '@storegraph/auth';
import { movableClock, newId, silentLogger } from '@storegraph/core';
import { runJob } from '@storegraph/jobs';
import { deploymentSecret, mailedSecret, type TestClient } from '@storegraph/testing';
import { Secret, TOTP } from 'otpauth';
import { z } from 'zod';
import { sendReset } from '../src/password/jobs.ts';
import { accountsHarness, password, present, refusals, type Person, type Tokens } from './support.ts';

export interface Enrolled extends Person {
  readonly deviceId: string;
  readonly secret: string;
  readonly backupCodes: readonly string[];
}

export interface Challenged {
  readonly session: Tokens | null;
  readonly challenge: { readonly token: string; readonly expiresAt: string } | null;
  readonly userErrors: readonly { readonly code: string }[];
}

type Options = Omit<NonNullable<Parameters<typeof accountsHarness>[0]>, 'clock'>;

/** What tests of verification, reset and second factors need, on a clock that they move. */
export async function credentialsHarness(options: Options = {}) {
  const clock = movableClock(new Date());
  const harness = await accountsHarness({ ...options, clock });
  const { sealingKey } = deriveSecrets(deploymentSecret);
  const sealer = createSealer({ keys: [sealingKey] });

  const act = async <T extends object>(client: TestClient, mutation: string, input: object, selection: string): Promise<T> => {
    const type = `${mutation.charAt(0).toUpperCase()}${mutation.slice(1)}Input`;
    const answer = await client.data<{ result: T }>(
      `mutation ($input: ${type}!) { result: ${mutation}(input: $input) { ${selection} userErrors { code field } } }`,
      { input },
    );
    return answer.result;
  };
  const refused = (client: TestClient, mutation: string, input: object) =>
    refusals(client, mutation, `${mutation.charAt(0).toUpperCase()}${mutation.slice(1)}Input`, input);

  /** The token that was last mailed to the address. */
  const token = (email: string, type = 'user.%') => mailedSecret(harness, email, type);

  /** Does the jobs that send tokens to those who have forgotten a password. Gives how many there were. */
  const sendResets = async () => {
    const jobs = await harness.admin(
      `update jobs.job set state = 'completed' where name = '${sendReset.name}' and state = 'created' returning data->'data' as data`,
    );
    const { signal } = new AbortController();
    for (const { data } of jobs) {
      const attempt = { storeId: null, jobId: newId('job'), attempt: 1, correlationId: 'test', signal };
      await runJob(
        { pool: harness.pool, domain: 'accounts', sealer, clock, log: silentLogger },
        sendReset,
        attempt,
        sendReset.data.parse(data),
      );
    }
    return jobs.length;
  };

  const code = (secret: string) => new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: clock.now().getTime() });

  /** The next code: the one that was given is used up. */
  const nextCode = (secret: string) => {
    clock.advance(30_000);
    return code(secret);
  };

  /** Begins a device. From the second one on it takes a code of one that there is. */
  const addDevice = async (client: TestClient, name = 'Phone', typed?: string) => {
    const created = await act<{ device: { id: string } | null; secret: string | null; otpauthUri: string | null }>(
      client,
      'totpDeviceCreate',
      { name, currentPassword: password, code: typed },
      'device { id name confirmed } secret otpauthUri',
    );
    return { deviceId: present(created.device).id, secret: present(created.secret), otpauthUri: present(created.otpauthUri) };
  };

  /** Somebody with an authenticator app. */
  const enrolled = async (email: string): Promise<Enrolled> => {
    const person = await harness.person(email);
    const { deviceId, secret } = await addDevice(person.client);
    const { backupCodes } = await act<{ backupCodes: string[] | null }>(
      person.client,
      'totpDeviceConfirm',
      { deviceId, code: code(secret) },
      'device { id } backupCodes',
    );
    return { ...person, deviceId, secret, backupCodes: present(backupCodes) };
  };

  const begin = (email: string, typed = password, storeId?: string) =>
    act<Challenged>(
      harness.visitor,
      'sessionCreate',
      { email, password: typed, storeId },
      'session { id accessToken refreshToken store { id } } challenge { token expiresAt }',
    );

  const challenge = async (email: string): Promise<string> => present((await begin(email)).challenge).token;

  const answer = (given: string, typed: string, client = harness.visitor) =>
    act<Challenged>(client, 'sessionVerifyTotp', { challenge: given, code: typed }, 'session { id accessToken refreshToken store { id } }');

  /** The events about a user, the oldest first, as `type` and what of the payload is asked for. */
  const events = async (email: string, prefix = 'user.') => {
    const rows = await harness.admin(
      `select type, payload from events.log where aggregate = (select aggregate from events.log where personal->>'email' = '${email}' and type = 'user.signedUp')
       and type like '${prefix}%' order by ordinal`,
    );
    return z.array(z.object({ type: z.string(), payload: z.record(z.string(), z.unknown()) })).parse(rows);
  };

  return { ...harness, clock, act, refused, token, sendResets, code, nextCode, addDevice, enrolled, begin, challenge, answer, events };
}
