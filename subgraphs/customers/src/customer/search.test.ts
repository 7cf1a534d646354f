import fc from 'fast-check';
import { expect, test } from 'vitest';
import { searchTerms } from './search.ts';

test('a name is taken word by word, the longest first', () => {
  expect(searchTerms('Ann Papadopoulou', null)).toMatchObject({ words: ['papadopoulou', 'ann'], number: null, phoneEnd: null });
});

test('a word may begin one of the name, or hold one typing error', () => {
  const matching = (word: string, names: readonly string[]) => {
    const [form = ''] = searchTerms(word, null)?.wordForms ?? [];
    return names.filter((name) => new RegExp(form, 'u').test(` ${name} `));
  };
  const close = ['john', 'jonh', 'jon', 'jonah', 'jonhs', 'tonh', 'jonhson'];
  expect(matching('jonh', [...close, 'joan', 'jo', 'johnny', 'mary'])).toEqual(close);
  expect(matching('ann', ['ann', 'anna', 'hann', 'joann', 'an', 'ana', 'nan', 'dan'])).toEqual(['ann', 'anna', 'hann']);
  expect(matching('li', ['li', 'lisa', 'ali', 'l'])).toEqual(['li', 'lisa']);
});

test('each pattern near the longest word is one typing error away', () => {
  const near = searchTerms('jonh li', null)?.nearLongest ?? [];
  const matching = (names: readonly string[]) =>
    names.filter((name) =>
      near.some((pattern) => new RegExp(`^${pattern.replaceAll('%', '.*').replaceAll('_', '.')}$`, 'u').test(` ${name} `)),
    );
  const close = ['john', 'jon', 'jonah', 'jonhs', 'tonh'];
  expect(matching([...close, 'jonhson', 'joan', 'jo', 'mary', 'li', 'lie'])).toEqual(close);
  expect(near).toHaveLength(5 + 4 + 4 + 3);
});

test('a number may be a customer number, an external id or the end of a phone number', () => {
  expect(searchTerms('17850', null)).toEqual({
    words: [],
    wordForms: [],
    nearLongest: [],
    number: 17850,
    keys: ['17850'],
    keyStart: '17850%',
    phoneEnd: '05871%',
  });
  expect(searchTerms('#42', null)).toMatchObject({ number: 42 });
  expect(searchTerms('9999999999', null)).toMatchObject({ number: null });
  expect(searchTerms('0', null)).toMatchObject({ number: null, phoneEnd: null });
});

test('a phone number is looked for in international form and by its end', () => {
  expect(searchTerms('07911 123456', 'GB')).toMatchObject({ words: [], keys: ['07911 123456', '+447911123456'], phoneEnd: '6543211197%' });
  expect(searchTerms('07911 123456', null)).toMatchObject({ keys: ['07911 123456'], phoneEnd: '6543211197%' });
  expect(searchTerms('+44 7911', null)).toMatchObject({ keyStart: '+447911%', phoneEnd: null });
});

test('an e-mail address is looked for whole and by its beginning, its wildcards taken literally', () => {
  expect(searchTerms('Anna_L%@Example.com', null)).toMatchObject({
    words: [],
    keys: ['anna_l%@example.com'],
    keyStart: 'anna\\_l\\%@example.com%',
  });
});

test.each(['', '   ', '%', '_', '\\', '%%%', "'; --", '\u0000', '(((', '😀'])('"%s" looks for nobody', (query) => {
  expect(searchTerms(query, null)).toBeNull();
});

test('whatever is typed, the terms are harmless: words of letters, forms that compile, patterns with escaped wildcards', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (query) => {
      const terms = searchTerms(query, 'GB');
      if (!terms) return;
      expect(terms.words.length).toBeLessThanOrEqual(6);
      for (const word of terms.words) expect(word).toMatch(/^[\p{L}\p{N}\p{M}]+$/u);
      for (const pattern of terms.nearLongest) expect(pattern).toMatch(/^% [\p{L}\p{N}\p{M}_]+ %$/u);
      for (const form of terms.wordForms) expect(() => new RegExp(form, 'u')).not.toThrow();
      if (terms.keyStart !== null) expect(terms.keyStart).toMatch(/^(?:[^%_\\]|\\[%_\\])+%$/su);
      expect(JSON.stringify(terms)).not.toContain('\\u0000');
    }),
  );
});
