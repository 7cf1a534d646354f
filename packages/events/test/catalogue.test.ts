import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { allContracts, anyDomain, type Contract } from '../src/index.ts';

const document = readFileSync(new URL('../../../docs/events.md', import.meta.url), 'utf8');

/** The heading and the facts that stand under it, as docs/events.md has them. */
function entryOf({ type, version, producer, description, payloadFields, personalFields, secretFor }: Contract): string {
  const list = (names: readonly string[]) => names.map((name) => `\`${name}\``).join(', ');
  return [
    `### \`${type}\``,
    description,
    `- version ${version}, of ${producer === anyDomain ? 'every domain' : producer}`,
    `- payload: ${list(payloadFields)}`,
    ...(personalFields.length > 0 ? [`- personal: ${list(personalFields)}`] : []),
    ...(secretFor === null ? [] : [`- with a secret for ${secretFor}`]),
  ].join('\n');
}

const entriesOf = (text: string): string[] =>
  text
    .split(/^(?=#{1,3} )/m)
    .filter((section) => section.startsWith('### `'))
    .map((section) =>
      section
        .split('\n')
        .filter((line) => line !== '')
        .join('\n'),
    );

test('docs/events.md describes every event as its contract does, and no other', () => {
  expect(entriesOf(document).toSorted()).toEqual(allContracts.map(entryOf).toSorted());
});
