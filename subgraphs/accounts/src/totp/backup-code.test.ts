import { newId } from '@storegraph/core';
import { expect, it } from 'vitest';
import { backupCode, backupCodeHash, newBackupCodes } from './backup-code.ts';

it('ten codes of 80 bits, none twice, each as it is read', () => {
  const codes = newBackupCodes();
  expect(new Set(codes).size).toBe(10);
  for (const code of codes) {
    expect(code).toMatch(/^[0-9A-HJKMNP-TV-Z]{4}(-[0-9A-HJKMNP-TV-Z]{4}){3}$/);
    expect(backupCode(code)).toBe(code.replaceAll('-', ''));
  }
});

it('is read however it was typed, and hashed for one user alone', () => {
  expect(backupCode(' o123 4567-89ab-cdil ')).toBe('0123456789ABCD11');
  expect(['', '0123', '0123-4567-89AB-CDEU', '0123-4567-89AB-CDEF-0', 'x'.repeat(1000)].map(backupCode)).toEqual([
    null,
    null,
    null,
    null,
    null,
  ]);
  expect(backupCodeHash(newId('usr'), 'A')).not.toBe(backupCodeHash(newId('usr'), 'A'));
});
