import { describe, expect, it } from 'vitest';
import { codeAlphabet, isHardToGuess, normalizeCode, randomCode } from './code.ts';

describe('a code', () => {
  it('is one, however it is typed', () => {
    expect(['summer 24', ' SUMMER24', 'Sum\u00a0mer\t24 ', 'ＳＵＭＭＥＲ２４'].map(normalizeCode)).toEqual(Array(4).fill('SUMMER24'));
  });

  it('that is made has its prefix and characters that nobody takes for one another', () => {
    expect(randomCode('VIP-', 12)).toMatch(new RegExp(`^VIP-[${codeAlphabet}]{12}$`));
    expect([...'01258BILOSVZ'].filter((character) => codeAlphabet.includes(character))).toEqual([]);
    expect(new Set(Array.from({ length: 1000 }, () => randomCode(null, 10))).size).toBe(1000);
  });

  it('is long enough when a million others stand before each that is given out', () => {
    expect([isHardToGuess(5, 1), isHardToGuess(4, 1), isHardToGuess(7, 10_000), isHardToGuess(8, 10_000)]).toEqual([
      true,
      false,
      false,
      true,
    ]);
  });
});
