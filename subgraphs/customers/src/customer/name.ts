/** Letters that Unicode does not take apart and people write with others. */
const plainLetters: Readonly<Record<string, string>> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  ł: 'l',
  ı: 'i',
  ς: 'σ',
};
const special = new RegExp(`[${Object.keys(plainLetters).join('')}]`, 'gu');

/** Much longer than names are: a longer one is found by its beginning. */
const longest = 240;

/**
 * The words of a name as search compares them: lower case, no accents, letters and digits only. `José O'Brien-Łoś` gives jose, obrien, los.
 * The same for a stored name and for what a person types.
 */
export function nameWords(text: string): string[] {
  const plain = text
    .toWellFormed()
    .normalize('NFKD')
    .replace(/\p{Mn}/gu, '')
    .toLowerCase()
    .normalize('NFKD')
    .replace(/\p{Mn}/gu, '')
    .replace(special, (letter) => plainLetters[letter] ?? letter)
    .normalize('NFC')
    .replace(/['’ʼ‘`´]/gu, '');
  return plain.match(/[\p{L}\p{N}\p{M}]+/gu) ?? [];
}

/** The name as it is stored for search: its words between single spaces, one at each end too, or '' without any. */
export function searchName(firstName: string | null, lastName: string | null): string {
  const text = [...nameWords(`${firstName ?? ''} ${lastName ?? ''}`).join(' ')].slice(0, longest).join('').trim();
  return text === '' ? '' : ` ${text} `;
}
