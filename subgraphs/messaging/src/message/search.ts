const longestQuery = 100;
const mostWords = 6;

/**
 * What a person typed, as LIKE patterns of words, the longest first: it narrows the search most. Words are written as `messaging.search_form` of
 * drizzle/messaging/0004 writes them. Empty where there is nothing to look for.
 */
export const patternsOf = (query: string): string[] =>
  [...query.toWellFormed().replace(/\p{Cc}/gu, ' ')]
    .slice(0, longestQuery)
    .join('')
    .normalize('NFKD')
    .replace(/[\u0300-\u036f]/g, '')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '')
    .slice(0, mostWords)
    .toSorted((a, b) => b.length - a.length)
    .map((word) => `% ${word}%`);
