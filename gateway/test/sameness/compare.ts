import { isDeepStrictEqual } from 'node:util';
import { clientNames, isMasked, isNullBeside, knownPath, neighbours, placeless, sameNulls, toldEnough } from './differences.ts';
import { canonical } from './hash.ts';
import type { OurAnswer } from './ours.ts';
import type { AnsweredError, ReferenceAnswer, Sent } from './reference.ts';

/** What our answer has otherwise than the reference, after the differences that are meant; nothing when they are the same. */
export function dissimilarity(sent: Sent, ours: OurAnswer, reference: ReferenceAnswer): string | undefined {
  if (!isDeepStrictEqual(ours.data, reference.data)) return 'the data differ';
  return reference.errors.length > 0 ? differentErrors(sent, ours, reference) : differentNulls(ours, reference);
}

/** Of what the subgraphs told. */
function differentErrors({ document }: Sent, ours: OurAnswer, reference: ReferenceAnswer): string | undefined {
  const left = [...ours.errors];
  const take = (matches: (error: AnsweredError) => boolean, most = 1): boolean => {
    const taken = left.filter(matches).slice(0, most);
    for (const each of taken) left.splice(left.indexOf(each), 1);
    return taken.length > 0;
  };
  const missing = reference.errors
    .map((error) => ({ ...error, path: knownPath(document, clientNames(error.path)) }))
    // Several fetches of one subgraph fail with the same words.
    .filter(
      ({ path, message }, index, all) => path !== undefined || all.findIndex((each) => !each.path && each.message === message) === index,
    )
    .filter((error) => !take((each) => canonical(each) === canonical(error)))
    .filter((error) => !take((each) => placeless(each, error, ours), Infinity))
    .filter((error) => !take((each) => neighbours(each, error, ours)))
    .filter((error) => !toldEnough(error, ours));
  if (missing.length > 0) return `errors that are not told: ${JSON.stringify(missing)}`;
  const more = left.filter((error) => !isNullBeside(error, ours, reference));
  return more.length > 0 ? `errors that only ours tells: ${JSON.stringify(more)}` : undefined;
}

function differentNulls(ours: OurAnswer, { completion }: ReferenceAnswer): string | undefined {
  const other = ours.errors.filter((error) => !isMasked(error));
  if (other.length > 0) return `errors that only ours tells: ${JSON.stringify(other)}`;
  return sameNulls(ours, completion) ? undefined : 'nulls are told of that are not the same';
}
