/** What a query is taken to mean: the arguments of the database's search function, where each is explained. */
export interface SearchTerms {
  readonly nameStarts: readonly string[];
  readonly number: bigint | null;
  readonly keys: readonly string[];
  readonly emailStart: string | null;
  readonly phoneEnd: string | null;
}

const longestQuery = 100;
const mostWords = 6;

/** Reads what a person typed. Null when there is nothing to look for. */
export function searchTerms(query: string): SearchTerms | null {
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
  const digits = text.replace(/\D/g, '').replace(/^0+/, '');
  const [, draft, number] = /^#?\s*(D?)(\d{1,18})$/i.exec(text) ?? [];
  const isAddress = text.includes('@');
  const small = text.toLowerCase();
  return {
    nameStarts: dialled || isAddress ? [] : nameWords(text).map((word) => `% ${word}%`),
    // A draft's number is negative, and written with a D.
    number: number === undefined ? null : BigInt(draft ? `-${number}` : number),
    // An article or tracking number is written in capitals or not at all.
    keys: [...new Set([text, small, text.toUpperCase()])],
    emailStart: isAddress && small.length >= 3 ? `${escapeLike(small)}%` : null,
    // Whatever stands before the subscriber's number in a country is written in zeros or with a plus; the end is the same everywhere.
    phoneEnd: dialled && digits.length >= 4 ? `${[...digits].reverse().join('')}%` : null,
  };
}

/** As `orders.name_form` of drizzle/orders/0011 writes names, the longest word first: it narrows the search most. */
const nameWords = (text: string): string[] =>
  text
    .normalize('NFKD')
    .replace(/[\u0300-\u036f]/g, '')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '')
    .slice(0, mostWords)
    .toSorted((a, b) => b.length - a.length);

const escapeLike = (text: string): string => text.replace(/[\\%_]/g, (character) => `\\${character}`);
