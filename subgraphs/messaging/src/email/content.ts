import { createHash } from 'node:crypto';
import type { Sealer } from '@storegraph/auth';
import { toUuid, type Id, type StoreId } from '@storegraph/core';
import { z } from 'zod';
import type { EmailRow } from './tables.ts';

/** The two parts of a mail. */
export interface Content {
  readonly html: string;
  readonly text: string;
}

const stored = z.object({ html: z.string(), text: z.string() });

interface Place {
  readonly id: Id<'eml'>;
  readonly storeId: StoreId | null;
  readonly confidential: boolean;
}

/** The form in which a mail's content is stored: a confidential one is sealed for its place. */
export function store({ html, text }: Content, place: Place, sealer: Sealer): { content: string; contentHash: string } {
  const plain = JSON.stringify({ html, text });
  const contentHash = createHash('sha256').update(plain).digest('hex');
  return { content: place.confidential ? sealer.seal(plain, placeOf(place)) : plain, contentHash };
}

/** Null once it was erased. Throws SecretRejected for one that was moved here from another row. */
export function open(email: Pick<EmailRow, 'id' | 'confidential' | 'content'>, storeId: StoreId | null, sealer: Sealer): Content | null {
  if (email.content === null) return null;
  const plain = email.confidential ? sealer.open(email.content, placeOf({ ...email, storeId })) : email.content;
  return stored.parse(JSON.parse(plain));
}

const placeOf = ({ id, storeId }: Place): string => `${storeId ?? 'platform'}|email_logs|content|${toUuid(id)}`;
