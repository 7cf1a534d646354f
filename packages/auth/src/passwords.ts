import { hash, verify } from '@node-rs/argon2';

/** OWASP's minimum for argon2id (https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html). argon2id is the library's default. */
const cost = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;

/** NIST SP 800-63B asks for 8 at least, and for no rules of composition. */
export const minPasswordLength = 10;

/** Longer input is never hashed. */
export const maxPasswordLength = 256;

/**
 * Hashes in the works at once: each takes 19 MB and a thread of the pool that file and DNS calls share. New passwords have a lane of their
 * own, the smaller one: those who sign up in a flood wait for each other, and those who log in don't wait for them.
 */
const logIns: Lane = { maxRunning: 2, maxWaiting: 200, running: 0, waiting: new Set() };
const newPasswords: Lane = { maxRunning: 1, maxWaiting: 50, running: 0, waiting: new Set() };

interface Lane {
  readonly maxRunning: number;
  readonly maxWaiting: number;
  running: number;
  /** In the order in which they came; each starts its work. */
  readonly waiting: Set<() => void>;
}

interface Patience {
  /** Whoever aborts while waiting leaves the queue, and the promise rejects with an AbortError. */
  readonly signal?: AbortSignal;
}

/** Of a random password that nobody knows, for addresses that nobody has: with it an unknown user takes as long as a known one. */
const nobody = '$argon2id$v=19$m=19456,t=2,p=1$TX3fpDx+aZs/hgj4wGzSJw$EevDWhOV3hBuoNl8ux9jRnwowcUE6j+/dDnfeteGBVA';

/** More passwords wait to be checked than this process can do in good time. */
export class PasswordsBusy extends Error {
  override readonly name = 'PasswordsBusy';
}

/** The argon2id hash to store (PHC string). Throws RangeError for an empty or too long password: check the input first. */
export function hashPassword(password: string, { signal }: Patience = {}): Promise<string> {
  const text = normal(password);
  if (text.length === 0 || text.length > maxPasswordLength) throw new RangeError('The password is empty or too long.');
  return queued(newPasswords, () => hash(text, cost), signal);
}

/** Whether the password fits the stored hash. `null` (no such user, or none set) is false, in the same time. */
export async function verifyPassword(stored: string | null, password: string, { signal }: Patience = {}): Promise<boolean> {
  const text = normal(password);
  const possible = stored !== null && text.length > 0 && text.length <= maxPasswordLength;
  const fits = await queued(logIns, () => verify(possible ? stored : nobody, possible ? text : 'nobody'), signal);
  return possible && fits;
}

/** One password may be typed as different code points on different devices (NIST SP 800-63B, 5.1.1.2). */
const normal = (password: string) => (password.length > maxPasswordLength ? password : password.normalize('NFKC'));

async function queued<T>(lane: Lane, work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
  signal?.throwIfAborted();
  if (lane.running < lane.maxRunning) lane.running += 1;
  else await turn(lane, signal);
  try {
    return await work();
  } finally {
    const [next] = lane.waiting;
    if (next) next();
    else lane.running -= 1;
  }
}

/** Waits for the place of somebody who is done. */
async function turn({ waiting, maxWaiting }: Lane, signal: AbortSignal | undefined): Promise<void> {
  if (waiting.size >= maxWaiting) throw new PasswordsBusy('Too many passwords wait to be checked.');
  const { promise, resolve, reject } = Promise.withResolvers<undefined>();
  const start = () => {
    waiting.delete(start);
    resolve(undefined);
  };
  const leave = () => {
    // Who has just been given a place keeps it, and passes it on.
    if (waiting.delete(start)) reject(new DOMException('The password is waited for no longer.', 'AbortError'));
  };
  waiting.add(start);
  signal?.addEventListener('abort', leave);
  try {
    await promise;
  } finally {
    signal?.removeEventListener('abort', leave);
  }
}
