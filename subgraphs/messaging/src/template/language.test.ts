import { describe, expect, it } from 'vitest';
import { fallbackChain } from './language.ts';

const written = (asked: string | null, storeDefault: string | null) =>
  fallbackChain(asked, storeDefault).map(({ language, rung }) => `${language} ${rung}`);

describe('fallbackChain', () => {
  it('goes from the language asked for over its base and the default of the store to English, each once', () => {
    expect(written('fr-CA', 'de-AT')).toEqual(['fr-CA EXACT', 'fr BASE_LANGUAGE', 'de-AT STORE_DEFAULT', 'de STORE_DEFAULT', 'en ENGLISH']);
    expect(written('fr', 'fr')).toEqual(['fr EXACT', 'en ENGLISH']);
    expect(written(null, 'en-GB')).toEqual(['en-GB STORE_DEFAULT', 'en STORE_DEFAULT']);
    expect(written('de', null)).toEqual(['de EXACT', 'en ENGLISH']);
    expect(written(null, null)).toEqual(['en ENGLISH']);
  });
});
