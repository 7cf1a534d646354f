import { createHash } from 'node:crypto';
import { decodeJson, encodeJson, fail, isRefusal, toUuid, type Refusal, type Result } from '@storegraph/core';
import { sql } from 'drizzle-orm';
import { openSavepoint, unawaited, type Tx } from './transaction.ts';

const nobody = '00000000-0000-0000-0000-000000000000';

// Answers that the transaction keeps although they are refusals, and answers that were given before.
const settled = new WeakSet<object>();
const replays = new WeakSet<object>();

export const isSettled = (refusal: Refusal): boolean => settled.has(refusal);
export const isReplay = (result: unknown): boolean => typeof result === 'object' && result !== null && replays.has(result);

/**
 * Does `fn` once for a key: the same store, subject, operation and key give the stored answer, a refusal too, and nothing is done.
 * With another input the key is refused. A second call that comes meanwhile waits for the first. Keys are kept for 30 days.
 */
export async function once<T, Code extends string>(
  tx: Tx,
  operation: string,
  input: { readonly idempotencyKey: string },
  fn: () => Promise<Result<T, Code>>,
): Promise<Result<T, Code | 'IDEMPOTENCY_KEY_REUSED'>> {
  const { domain, identity } = tx.scope;
  const keys = sql`${sql.identifier(domain)}.idempotency_keys`;
  const store = identity.storeId ? toUuid(identity.storeId) : nobody;
  const subjectId = identity.subjectId ?? identity.sessionId;
  const subject = subjectId ? toUuid(subjectId) : nobody;
  const key = shortened(input.idempotencyKey);
  const hash = digest(JSON.stringify(canonical(input)));
  const isRow = sql`store_id = ${store}::uuid and subject = ${subject}::uuid and operation = ${operation} and key = ${key}`;

  // Waits while another transaction holds the same key. Not awaited here, so that the savepoint travels with it.
  const claim = tx
    .execute(
      sql`
        insert into ${keys} (store_id, subject, operation, key, input_hash)
        values (${store}::uuid, ${subject}::uuid, ${operation}, ${key}, ${hash}) on conflict do nothing returning 1`,
    )
    .execute();
  claim.catch(() => undefined);

  async function givenBefore(): Promise<Result<T, Code | 'IDEMPOTENCY_KEY_REUSED'>> {
    const [row] = await tx.execute<{ input_hash: string; answer: string | null }>(
      sql`select input_hash, answer from ${keys} where ${isRow}`,
    );
    if (row?.input_hash !== hash) {
      return fail('IDEMPOTENCY_KEY_REUSED', 'This idempotency key was used with another input.', ['idempotencyKey']);
    }
    if (row.answer === null) throw new Error(`${operation} was called inside itself with the same idempotency key`);
    // What was stored is what the same operation gave to the same input.
    const answer = decodeJson(row.answer) as Result<T, Code>;
    (isRefusal(answer) ? settled : replays).add(answer);
    return answer;
  }

  let isFirst = false;
  const answer = await undoneWhenRefused(tx, async () => {
    isFirst = (await claim).length > 0;
    return isFirst ? await fn() : await givenBefore();
  });
  if (!isFirst) return answer;
  if (isRefusal(answer)) settled.add(answer);
  unawaited(tx, tx.execute(sql`update ${keys} set answer = ${encodeJson(answer)} where ${isRow}`));
  return answer;
}

/** Forgets the keys of more than 30 days ago, of all stores: for `pool.sweep`. Gives the number of keys forgotten. */
export async function pruneIdempotencyKeys(tx: Tx): Promise<number> {
  const keys = sql`${sql.identifier(tx.scope.domain)}.idempotency_keys`;
  const deleted = await tx.execute(sql`delete from ${keys} where created_at < now() - interval '30 days'`);
  return deleted.count;
}

class Refused extends Error {
  readonly refusal: Refusal;

  constructor(refusal: Refusal) {
    super('refused');
    this.refusal = refusal;
  }
}

// The key and the refusal stay, what was done on the way to it does not.
async function undoneWhenRefused<T, Code extends string>(tx: Tx, fn: () => Promise<Result<T, Code>>): Promise<Result<T, Code>> {
  try {
    return await openSavepoint(tx, async () => {
      const result = await fn();
      if (isRefusal(result)) throw new Refused(result);
      return result;
    });
  } catch (error) {
    if (error instanceof Refused) return error.refusal as Refusal<Code>;
    throw error;
  }
}

const digest = (text: string): string => createHash('sha256').update(text).digest('base64url');

const shortened = (key: string): string => (key.length <= 100 ? key : `sha256:${digest(key)}`);

// Equal inputs must give equal text, whatever the order of their fields. The key itself is not part of the input.
function canonical(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(canonical);
  if (typeof value === 'bigint') return `${value}n`;
  if (typeof value !== 'object' || value === null || value instanceof Date) return value;
  const entries = Object.entries(value).filter(([name, inner]) => name !== 'idempotencyKey' && inner !== undefined);
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, inner]) => [name, canonical(inner)]));
}
