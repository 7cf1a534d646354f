import { contactAddress } from '../contact-point/contact-point.ts';
import { nameWords } from './name.ts';

/** What a query is taken to mean: the arguments of the database's search function, where each is explained. */
export interface SearchTerms {
  readonly words: readonly string[];
  readonly wordForms: readonly string[];
  readonly nearLongest: readonly string[];
  readonly number: number | null;
  readonly keys: readonly string[];
  readonly keyStart: string | null;
  readonly phoneEnd: string | null;
}

const longestQuery = 100;
const mostWords = 6;
/** PostgreSQL's integer. */
const largestNumber = 2_147_483_647;

/** Reads what a person typed. `country` is where phone numbers without a country code are dialled. Null when there is nothing to look for. */
export function searchTerms(query: string, country: string | null): SearchTerms | null {
  const text = [
    ...query
      .toWellFormed()
      .normalize('NFC')
      .replace(/\p{Cc}/gu, ' ')
      .trim(),
  ]
    .slice(0, longestQuery)
    .join('')
    .trim();
  if (!/[\p{L}\p{N}]/u.test(text)) return null;
  const dialled = /^\+?[\d\s().\/-]+$/.test(text);
  const digits = text.replace(/\D/g, '');
  const phone = dialled ? contactAddress('PHONE', text, { country })?.address : undefined;
  const key = text.toLowerCase();
  const start = dialled && text.startsWith('+') ? `+${digits}` : key;
  const words =
    dialled || text.includes('@')
      ? []
      : nameWords(text)
          .slice(0, mostWords)
          .toSorted((a, b) => b.length - a.length);
  return {
    words,
    wordForms: words.map(wordForm),
    nearLongest: words.slice(0, 1).flatMap((word) => mistyped(word).map((form) => `% ${form.replaceAll('.', '_')} %`)),
    number: customerNumber(text),
    keys: phone ? [key, phone] : [key],
    keyStart: start.length >= 3 ? `${escapeLike(start)}%` : null,
    phoneEnd: dialled && digits.length >= 4 && !text.startsWith('+') ? phoneEnd(digits) : null,
  };
}

function customerNumber(text: string): number | null {
  const digits = /^#?\s*(\d{1,10})$/.exec(text)?.[1];
  const number = Number(digits);
  return digits !== undefined && number > 0 && number <= largestNumber ? number : null;
}

/** Whatever stands before the subscriber's number in a country (0, 00, nothing) is written in zeros; the end is the same everywhere. */
function phoneEnd(digits: string): string | null {
  const end = digits.replace(/^0+/, '');
  return end.length >= 4 ? `${[...end].reverse().join('')}%` : null;
}

const escapeLike = (text: string): string => text.replace(/[\\%_]/g, (character) => `\\${character}`);

/** In shorter words a typing error would make half of the names there are; in longer ones trigrams find it. */
const [shortest, longest] = [3, 24];

/**
 * A regular expression, to be matched with names as `searchName` writes them, for a word of the name that begins with this one, or is one of
 * those that it may stand for with a typing error.
 */
function wordForm(word: string): string {
  const forms = mistyped(word);
  return forms.length > 0 ? ` (?:${word}|(?:${forms.join('|')}) )` : ` ${word}`;
}

/**
 * The words that this one may stand for: one with a letter more, and for words of more than three letters one with another letter, with one
 * less, or with two of them swapped. A dot is any letter; words hold no character that means anything in a pattern.
 */
function mistyped(word: string): string[] {
  const letters = [...word];
  if (letters.length < shortest || letters.length > longest) return [];
  const before = (end: number) => letters.slice(0, end).join('');
  const from = (start: number) => letters.slice(start).join('');
  const tooFew = [...letters, ''].map((_, at) => `${before(at)}.${from(at)}`);
  if (letters.length === shortest) return tooFew;
  const wrong = letters.map((_, at) => `${before(at)}.${from(at + 1)}`);
  const tooMany = letters.map((_, at) => `${before(at)}${from(at + 1)}`);
  const swapped = letters.slice(1).map((letter, at) => `${before(at)}${letter}${letters[at] ?? ''}${from(at + 2)}`);
  return [...new Set([...tooFew, ...wrong, ...tooMany, ...swapped])];
}
