import fc from 'fast-check';
import { expect, test } from 'vitest';
import { nameWords, searchName } from './name.ts';

test('a name is compared without case, accents, apostrophes and punctuation', () => {
  expect(nameWords("José O'Brien-Łoś")).toEqual(['jose', 'obrien', 'los']);
  expect(nameWords('GROẞE Straße Æsir')).toEqual(['grosse', 'strasse', 'aesir']);
  expect(nameWords('Σοφία Παπαδόπουλος')).toEqual(['σοφια', 'παπαδοπουλοσ']);
  expect(nameWords('  %_\\ *() ')).toEqual([]);
});

test('a stored name has one space at each end, and none of its own where there is no name', () => {
  expect(searchName('Anna', 'Papadopoulou')).toBe(' anna papadopoulou ');
  expect(searchName(null, 'Li')).toBe(' li ');
  expect(searchName(null, null)).toBe('');
  expect(searchName('—', '%')).toBe('');
});

test('every stored name meets the table, however long or strange the name', () => {
  fc.assert(
    fc.property(
      fc.option(fc.string({ unit: 'binary', maxLength: 300 })),
      fc.option(fc.string({ unit: 'grapheme', maxLength: 300 })),
      (first, last) => {
        const stored = searchName(first, last);
        expect(stored === '' || /^ \S(.*\S)? $/u.test(stored)).toBe(true);
        expect([...stored].length).toBeLessThanOrEqual(242);
        expect(stored.isWellFormed()).toBe(true);
      },
    ),
  );
});

test('a name that has been normalised is normalised', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 60 }), (text) => {
      const words = nameWords(text);
      expect(nameWords(words.join(' '))).toEqual(words);
    }),
  );
});

test('case and the way of writing an accent make no difference', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(...'abcßéüñçàôŁøάήΣς '), maxLength: 40 }), (text) => {
      expect(nameWords(text.normalize('NFD'))).toEqual(nameWords(text.normalize('NFC')));
      expect(nameWords(text.toUpperCase())).toEqual(nameWords(text));
    }),
  );
});
