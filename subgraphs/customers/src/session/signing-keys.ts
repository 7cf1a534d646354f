import { AsyncLocalStorage } from 'node:async_hooks';
import {
  createRotatingIssuer,
  generateIssuerKey,
  keyRotation,
  system,
  type Identity,
  type RotatingIssuer,
  type StoredKey,
} from '@storegraph/auth';
import { parseId, type Clock } from '@storegraph/core';
import type { Db, Tx } from '@storegraph/database';
import type { Services } from '@storegraph/subgraph';
import { inArray, sql } from 'drizzle-orm';
import { signingKeys } from './tables.ts';

interface Host {
  readonly clock: Clock;
  readonly services: Services;
}

type OpenDb = (identity: Identity) => Db;

const issuers = new WeakMap<Services, RotatingIssuer>();
// The issuer outlives the requests that it reads keys for.
const reader = new AsyncLocalStorage<OpenDb>();

/** Uses the issuer of customers' access tokens, which no other kind of token can come from. `dbAs`: opens the domain's tables as an identity. */
export function withIssuer<T>(host: Host, dbAs: OpenDb, use: (issuer: RotatingIssuer) => Promise<T>): Promise<T> {
  const issuer = issuers.get(host.services) ?? openIssuer(host);
  issuers.set(host.services, issuer);
  return reader.run(dbAs, () => use(issuer));
}

const openIssuer = (host: Host): RotatingIssuer =>
  createRotatingIssuer({
    issuer: 'customers',
    kinds: ['CUSTOMER'],
    clock: host.clock,
    load: async () => {
      const dbAs = reader.getStore();
      if (!dbAs) throw new Error('The keys are read for a request.');
      const db = dbAs(system(null));
      try {
        return await presentKeys(host, db);
      } finally {
        await db.end();
      }
    },
  });

/** The keys there are, once what is due about them has been done: a new one is published ahead of its time, an old one goes. */
export async function presentKeys({ clock, services }: Host, db: Db): Promise<StoredKey[]> {
  const keys = await db.read(readKeys(services));
  if (!isDue(keys, clock.now())) return keys;
  return db.write(async (tx) => {
    await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended('signing keys of customers', 0))`);
    // Of several processes one does it, and the others find it done.
    const before = await readKeys(services)(tx);
    const { signsFrom, remove } = keyRotation(before, clock.now());
    if (remove.length > 0) await tx.delete(signingKeys).where(inArray(signingKeys.id, remove.map(keyId)));
    if (signsFrom) {
      const { kid, privateKey } = generateIssuerKey();
      const id = keyId(kid);
      await tx.insert(signingKeys).values({ id, signsFrom, privateKeySealed: services.sealer.seal(privateKey, placeOf(id)) });
    }
    return readKeys(services)(tx);
  });
}

const isDue = (keys: readonly StoredKey[], now: Date): boolean => {
  const { signsFrom, remove } = keyRotation(keys, now);
  return signsFrom !== null || remove.length > 0;
};

const readKeys =
  ({ sealer }: Services) =>
  async (tx: Tx): Promise<StoredKey[]> => {
    const rows = await tx.select().from(signingKeys);
    return rows.map(({ id, signsFrom, privateKeySealed }) => ({
      kid: id,
      signsFrom,
      privateKey: sealer.open(privateKeySealed, placeOf(id)),
    }));
  };

function keyId(kid: string) {
  const id = parseId('kid', kid);
  if (!id) throw new Error('The signing key has no name.');
  return id;
}

const placeOf = (id: string) => `platform|signing_keys|private_key_sealed|${id}`;
