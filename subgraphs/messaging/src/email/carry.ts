import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Route } from '../email-settings/route.ts';
import { letterOf, type LetterParts } from './letter.ts';
import { reach } from './reach.ts';
import { offer, type Letter, type Outcome } from './wire.ts';

type Parts = Omit<LetterParts, 'from' | 'replyTo'>;

/** Takes a mail where its route leads, once. */
export async function carry(
  { via, from, replyTo }: Route & { readonly via: NonNullable<Route['via']> },
  parts: Parts,
  signal?: AbortSignal,
): Promise<Outcome> {
  const letter = await letterOf({ ...parts, from, replyTo });
  if (via.kind === 'outbox') return layOut(via.folder, letter, parts.messageId);
  const server = await reach(via.server);
  if ('code' in server) return { kind: 'DEFERRED', ...server };
  return offer(server, letter, signal ? { signal } : {});
}

/** The name under which a mail's way is logged. */
export const providerOf = (via: NonNullable<Route['via']>): string => (via.kind === 'outbox' ? 'outbox' : `smtp ${via.server.host}`);

/** Where no server is wanted, as on a developer's machine: one file for each mail, which every mail program opens. */
async function layOut(folder: string, { bytes }: Letter, messageId: string): Promise<Outcome> {
  const file = join(folder, `${messageId.replace(/[^\w-]+/g, '_')}.eml`);
  try {
    await mkdir(folder, { recursive: true });
    await writeFile(file, bytes);
    return { kind: 'SENT', answer: file };
  } catch (error) {
    return { kind: 'DEFERRED', code: 'OUTBOX', detail: error instanceof Error ? error.message : 'The outbox can not be written.' };
  }
}
