import { randomBytes } from 'node:crypto';
import { hashToken } from '@storegraph/auth';
import type { UserId } from '@storegraph/core';

/** Crockford's base 32: no letter that is taken for a digit. */
const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const letters = 16;

/** How many a user gets at once. */
const backupCodeCount = 10;

/** Codes of 80 bits, `XXXX-XXXX-XXXX-XXXX`: too many to try out even for somebody who has their hashes, so that a plain digest will do. */
export const newBackupCodes = (): string[] =>
  Array.from({ length: backupCodeCount }, () =>
    Array.from(randomBytes(letters), (byte) => alphabet[byte % alphabet.length])
      .join('')
      .replaceAll(/(.{4})(?!$)/g, '$1-'),
  );

/** The code without what people add and mistake when they type; null for what can't be one. */
export function backupCode(typed: string): string | null {
  const code = typed.toUpperCase().replaceAll(/[\s-]/g, '').replaceAll('O', '0').replaceAll(/[IL]/g, '1');
  return code.length === letters && [...code].every((letter) => alphabet.includes(letter)) ? code : null;
}

/** What is stored of a code, which `backupCode` has read. Of no use for another user. */
export const backupCodeHash = (userId: UserId, code: string): string => hashToken(`${userId}:${code}`);
