import { discountClasses, type DiscountClass } from './discount.ts';
import { applyAll, inOrderOfApplication, worthOf, type Basket, type DiscountRule } from './engine.ts';

/** Two discounts stand beside each other when each admits the other's class. */
export const combine = (one: DiscountRule, other: DiscountRule): boolean =>
  one.combinesWith.includes(other.appliesTo) && other.combinesWith.includes(one.appliesTo);

/**
 * The automatic discounts that are applied beside the codes that are taken already. A code was asked for, so it stands: what can't be combined
 * with it stays away. Of the sets of automatic ones that can be combined, it is the one that takes most off the basket with the codes; of
 * equals, the one that comes first, sets of more classes before those of fewer and older discounts before younger.
 */
export function bestAutomatic<Rule extends DiscountRule>(taken: readonly Rule[], automatic: readonly Rule[], basket: Basket): Rule[] {
  const possible = inOrderOfApplication(automatic.filter((rule) => taken.every((code) => combine(code, rule))));
  let best: { rules: Rule[]; off: bigint } = { rules: [], off: worth(taken, basket) };
  for (const rules of combinations(possible)) {
    const off = worth([...taken, ...rules], basket);
    if (off > best.off) best = { rules, off };
  }
  return best.rules;
}

const worth = (rules: readonly DiscountRule[], basket: Basket): bigint =>
  applyAll(inOrderOfApplication(rules), basket).reduce((total, off) => total + worthOf(off), 0n);

// A discount never takes less off for standing beside more, so only sets that are as large as they can be need a look.
const classSets: readonly (readonly DiscountClass[])[] = [
  ['LINE', 'ORDER', 'SHIPPING'],
  ['LINE', 'ORDER'],
  ['LINE', 'SHIPPING'],
  ['ORDER', 'SHIPPING'],
  ['LINE'],
  ['ORDER'],
  ['SHIPPING'],
];

/**
 * Sets of discounts that can be combined; every set that can be combined is part of one of them. Whether two combine depends on their classes
 * alone: so, for each choice of classes, of each class either all that admit their own kind, or one that does not.
 */
export function* combinations<Rule extends DiscountRule>(rules: readonly Rule[]): Generator<Rule[], void> {
  for (const classes of classSets) {
    const choices = classes.map((appliesTo) => choicesOf(appliesTo, classes, rules));
    yield* product(choices);
  }
}

function choicesOf<Rule extends DiscountRule>(
  appliesTo: DiscountClass,
  classes: readonly DiscountClass[],
  rules: readonly Rule[],
): Rule[][] {
  const others = discountClasses.filter((each) => each !== appliesTo && classes.includes(each));
  const members = rules.filter((rule) => rule.appliesTo === appliesTo && others.every((each) => rule.combinesWith.includes(each)));
  const together = members.filter((rule) => rule.combinesWith.includes(appliesTo));
  const alone = members.filter((rule) => !rule.combinesWith.includes(appliesTo));
  return [...(together.length > 0 ? [together] : []), ...alone.map((rule) => [rule])];
}

function* product<Rule>([choices, ...rest]: readonly Rule[][][]): Generator<Rule[], void> {
  if (!choices) {
    yield [];
    return;
  }
  for (const choice of choices) for (const others of product(rest)) yield [...choice, ...others];
}
