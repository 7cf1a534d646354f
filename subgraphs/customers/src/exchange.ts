import { sessionStatus, system, TokenRejected, type Credential, type Identity } from '@storegraph/auth';
import { parseId, type CustomerId, type Id, type StoreId } from '@storegraph/core';
import { own, type Tx } from '@storegraph/database';
import type { ExchangeEnv } from '@storegraph/subgraph';
import { and, eq } from 'drizzle-orm';
import { customers } from './customer/tables.ts';
import { isStanding } from './merge/forward.ts';
import { withIssuer } from './session/signing-keys.ts';
import { sessions } from './session/tables.ts';
import { storeTrades } from './store/numbers.ts';

const maxTokenLength = 4096;

/** Turns the access token of a customer into who it acts for; null for what is not ours, or is good no more. */
export async function exchange(env: ExchangeEnv, credential: Credential): Promise<Identity | null> {
  if (credential.kind !== 'TOKEN' || credential.token.length > maxTokenLength) return null;
  const claims = await withIssuer(env, env.db, (issuer) => issuer.verify(credential.token)).catch((error: unknown) => {
    if (error instanceof TokenRejected) return null;
    throw error;
  });
  const sessionId = parseId('cse', claims?.sessionId);
  const customerId = parseId('cus', claims?.subjectId);
  if (!claims?.storeId || !sessionId || !customerId) return null;
  const { storeId } = claims;

  const isGood = await lookUp(env, storeId, (tx) => isLive(tx, sessionId, customerId, env.clock.now()));
  return isGood ? { kind: 'CUSTOMER', storeId, subjectId: customerId, sessionId, permissions: [] } : null;
}

/** A good signature says who it was; the database says whether it still holds. */
async function isLive(tx: Tx, sessionId: Id<'cse'>, customerId: CustomerId, now: Date): Promise<boolean> {
  const { expiresAt, revokedAt } = sessions;
  const [session] = await tx
    .select({ expiresAt, revokedAt })
    .from(sessions)
    .innerJoin(customers, and(eq(customers.storeId, sessions.storeId), eq(customers.id, sessions.customerId)))
    .where(
      own(tx, sessions, eq(sessions.id, sessionId), eq(sessions.customerId, customerId), eq(customers.status, 'ACTIVE'), isStanding()),
    );
  return session !== undefined && sessionStatus(session, now) === 'ACTIVE' && (await storeTrades(tx));
}

async function lookUp<T>(env: ExchangeEnv, storeId: StoreId, find: (tx: Tx) => Promise<T>): Promise<T> {
  const db = env.db(system(storeId));
  try {
    return await db.read(find);
  } finally {
    await db.end();
  }
}
