import {
  createRotatingIssuer,
  generateIssuerKey,
  keyRotation,
  system,
  type Identity,
  type RotatingIssuer,
  type Sealer,
} from '@storegraph/auth';
import { parseId, type Clock } from '@storegraph/core';
import type { Db, Tx } from '@storegraph/database';
import type { Services } from '@storegraph/subgraph';
import { asc, eq, ne } from 'drizzle-orm';
import { signingKeys } from './tables.ts';

interface Host {
  readonly clock: Clock;
  readonly services: Services;
}

/** Opens the domain's tables as an identity. */
type DbAs = (identity: Identity) => Db;

// One per process: it keeps the keys for a minute.
const issuers = new WeakMap<Services, RotatingIssuer<DbAs>>();

/** Signs and checks the access tokens of staff. Each of its calls takes a way to the database, from which keys are read when it is time. */
export function tokenIssuer({ clock, services }: Host): RotatingIssuer<DbAs> {
  const known = issuers.get(services);
  if (known) return known;
  const load = async (dbAs: DbAs) => {
    const db = dbAs(system(null));
    await rotateSigningKeys(db, { sealer: services.sealer, now: clock.now(), onlyFirst: true });
    const rows = await db.read((tx) => tx.select().from(signingKeys).orderBy(asc(signingKeys.generation)));
    await db.end();
    return rows.map((row) => ({
      kid: row.id,
      signsFrom: row.signsFrom,
      privateKey: services.sealer.open(row.privateKeySealed, placeOf(row.id)),
    }));
  };
  const issuer = createRotatingIssuer({ issuer: 'accounts', kinds: ['STAFF', 'PLATFORM'], load, clock });
  issuers.set(services, issuer);
  return issuer;
}

interface Rotation {
  readonly sealer: Sealer;
  readonly now: Date;
  /** A new key now, though the present one's time is not over. */
  readonly asked?: boolean;
  /** Every key there is goes at once, and their tokens with them; the new one signs now. */
  readonly compromised?: boolean;
  /** Only if there is none yet. */
  readonly onlyFirst?: boolean;
}

/** The keys of the deployment, the oldest first. `db`: as the kernel. */
export const listSigningKeys = (db: Db) =>
  db.read((tx) =>
    tx.select({ kid: signingKeys.id, signsFrom: signingKeys.signsFrom }).from(signingKeys).orderBy(asc(signingKeys.generation)),
  );

/**
 * Makes the next key if it is time, and removes those that verify nothing any more. Any number of processes may do so at once: one makes the key,
 * the others find it. `db`: as the kernel. Gives what it did.
 */
export async function rotateSigningKeys(
  db: Db,
  { sealer, now, asked, compromised, onlyFirst }: Rotation,
): Promise<{ made: number; removed: number }> {
  const existing = await listSigningKeys(db);
  if (onlyFirst && existing.length > 0) return { made: 0, removed: 0 };
  return db.write(async (tx) => {
    const keys = await tx
      .select({ kid: signingKeys.id, signsFrom: signingKeys.signsFrom, generation: signingKeys.generation })
      .from(signingKeys)
      .orderBy(asc(signingKeys.generation));
    const { signsFrom, remove } = keyRotation(keys, now, { asked: asked === true });
    const begins = compromised ? now : signsFrom;
    const made = begins === null ? null : await addKey(tx, sealer, { generation: (keys.at(-1)?.generation ?? 0) + 1, signsFrom: begins });
    if (compromised && made === null) throw new Error('Another key was made at the same moment. Try again.');
    let removed = 0;
    for (const id of remove) removed += (await tx.delete(signingKeys).where(eq(signingKeys.id, kidOf(id)))).count;
    if (compromised && made !== null) removed += (await tx.delete(signingKeys).where(ne(signingKeys.id, made))).count;
    return { made: made === null ? 0 : 1, removed };
  });
}

/** The new key's id; null when another process was first. */
async function addKey(tx: Tx, sealer: Sealer, times: { generation: number; signsFrom: Date }) {
  const { kid, privateKey } = generateIssuerKey();
  const id = kidOf(kid);
  const values = { id, privateKeySealed: sealer.seal(privateKey, placeOf(id)), ...times };
  const added = await tx.insert(signingKeys).values(values).onConflictDoNothing().returning({ id: signingKeys.id });
  return added.length > 0 ? id : null;
}

function kidOf(kid: string) {
  const id = parseId('kid', kid);
  if (!id) throw new Error('A signing key has no name.');
  return id;
}

const placeOf = (id: string) => `platform|signing_keys|private_key_sealed|${id}`;
