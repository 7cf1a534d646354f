import { createTokenIssuer, generateIssuerKey, system, type Identity, type TokenIssuer } from '@storegraph/auth';
import { parseId, type Clock } from '@storegraph/core';
import type { Db } from '@storegraph/database';
import type { Services } from '@storegraph/subgraph';
import { asc } from 'drizzle-orm';
import { signingKeys } from './tables.ts';

interface Host {
  readonly clock: Clock;
  readonly services: Services;
}

// One per process: keys are few and do not change while it runs.
const issuers = new WeakMap<Services, Promise<TokenIssuer>>();

/** Signs and checks the access tokens of staff. `dbAs`: opens the domain's tables as an identity. */
export function tokenIssuer({ clock, services }: Host, dbAs: (identity: Identity) => Db): Promise<TokenIssuer> {
  const known = issuers.get(services);
  if (known) return known;
  const opened = openIssuer({ clock, services }, dbAs(system(null)));
  issuers.set(services, opened);
  opened.catch(() => issuers.delete(services));
  return opened;
}

async function openIssuer({ clock, services }: Host, db: Db): Promise<TokenIssuer> {
  await ensureSigningKey(services, db);
  const rows = await db.read((tx) => tx.select().from(signingKeys).orderBy(asc(signingKeys.createdAt)));
  await db.end();
  const keys = rows.map((row) => ({ kid: row.id, privateKey: services.sealer.open(row.privateKeySealed, placeOf(row.id)) }));
  return createTokenIssuer({
    issuer: 'accounts',
    keys,
    current: rows.find((row) => row.isCurrent)?.id,
    kinds: ['STAFF', 'PLATFORM'],
    clock,
  });
}

/** Makes the first key of the deployment. Several processes may start at once: one makes it, the others find it. */
export async function ensureSigningKey({ sealer }: Services, db: Db): Promise<void> {
  const existing = await db.read((tx) => tx.select({ id: signingKeys.id }).from(signingKeys).limit(1));
  if (existing.length > 0) return;
  const { kid, privateKey } = generateIssuerKey();
  const id = parseId('kid', kid);
  if (!id) throw new Error('The new signing key has no name.');
  await db.write((tx) =>
    tx
      .insert(signingKeys)
      .values({ id, privateKeySealed: sealer.seal(privateKey, placeOf(id)) })
      .onConflictDoNothing(),
  );
}

const placeOf = (id: string) => `platform|signing_keys|private_key_sealed|${id}`;
