import type { Change } from './combine.ts';

/** A row as PostgreSQL writes it in JSON. */
export type StoredRow = Readonly<Record<string, unknown>>;

/** What a merge has moved, as it was before. */
export interface Snapshot {
  readonly profile: Change;
  readonly contactPoints: readonly StoredRow[];
  readonly addresses: readonly StoredRow[];
  readonly tags: readonly StoredRow[];
  /** The tags that the survivor did not bear before. */
  readonly newTags: readonly string[];
  /** The account (uuid) that went to the survivor. Null where the merged one had none, or the survivor had one of its own. */
  readonly account: string | null;
}
