import { randomInt } from 'node:crypto';

/** A code is at most this long, blanks included. */
export const maxCodeLength = 64;

/** The form in which codes are compared: case and blanks make no difference, nor does the width of the letters that a phone's keyboard gave. */
export const normalizeCode = (code: string): string => code.normalize('NFKC').toUpperCase().replace(/\s+/gu, '');

/** Capitals and digits that nobody takes for one another, read out or printed: without 0, O, 1, I, L, 2, Z, 5, S, 8, B and V. */
export const codeAlphabet = '34679ACDEFGHJKMNPQRTUWXY';

/** The prefix, and as many characters from the system's own source of chance. */
export const randomCode = (prefix: string | null, length: number): string =>
  (prefix ?? '') + Array.from({ length }, () => codeAlphabet[randomInt(codeAlphabet.length)]).join('');

/** Whether codes of that length are too many to be found by trying: at least a million for each one that is given out. */
export const isHardToGuess = (length: number, count: number): boolean => codeAlphabet.length ** length >= count * 1_000_000;
