/** How a mail came by its language, the best first. */
export const rungs = ['EXACT', 'BASE_LANGUAGE', 'STORE_DEFAULT', 'ENGLISH'] as const;
export type Rung = (typeof rungs)[number];

export interface Step {
  readonly language: string;
  readonly rung: Rung;
}

/**
 * The languages in which a mail is looked for, in this order: exactly the one asked for, its base language (`fr` for `fr-CA`), the store's default
 * and that one's base, English. At each the store's own words come before the platform's: a shopper who reads French is served better by the
 * platform's French than by the store's German.
 */
export function fallbackChain(asked: string | null, storeDefault: string | null): readonly Step[] {
  const steps: Step[] = [
    ...(asked === null
      ? []
      : [
          { language: asked, rung: 'EXACT' as const },
          { language: baseOf(asked), rung: 'BASE_LANGUAGE' as const },
        ]),
    ...(storeDefault === null
      ? []
      : [storeDefault, baseOf(storeDefault)].map((language) => ({ language, rung: 'STORE_DEFAULT' as const }))),
    { language: 'en', rung: 'ENGLISH' },
  ];
  return steps.filter(({ language }, at) => steps.findIndex((earlier) => earlier.language === language) === at);
}

const baseOf = (tag: string): string => tag.split('-', 1)[0] ?? tag;
