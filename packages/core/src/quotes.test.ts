import { buildSchema, graphqlSync } from 'graphql';
import { expect, it } from 'vitest';
import { withoutValues } from './quotes.ts';

const schema = buildSchema(
  'enum Colour { RED } input Paint { colour: Colour, words: String, count: Int } type Query { paint(input: Paint): Int }',
);
const secret = 'a secret; "quoted" at "x": found';
const written = JSON.stringify(secret);
const asked = 'query ($input: Paint) { paint(input: $input) }';

it.each<[string, unknown, string]>([
  [`{ paint ${written} }`, undefined, 'Syntax Error: Expected Name, found String.'],
  [`{ paint(input: { words: [${written}] }) }`, undefined, 'String cannot represent a non string value.'],
  [`{ paint(input: { count: ${written} }) }`, undefined, 'Int cannot represent non-integer value.'],
  [`{ paint(input: { colour: ${written} }) }`, undefined, 'Enum "Colour" cannot represent non-enum value.'],
  [`{ paint(input: ${written}) }`, undefined, 'Expected value of type "Paint".'],
  [asked, { words: { secret } }, 'Variable "$input" is not valid at "input.words": String cannot represent a non string value.'],
  [asked, { colour: secret }, 'Variable "$input" is not valid at "input.colour": The value does not exist in "Colour" enum.'],
  [asked, { nonsense: secret }, 'Variable "$input" is not valid: Field "nonsense" is not defined by type "Paint".'],
  [asked, secret, 'Variable "$input" is not valid: Expected type "Paint" to be an object.'],
])('the message about %s %j quotes nothing of it', (source, input, expected) => {
  const [error] = graphqlSync({ schema, source, variableValues: { input } }).errors ?? [];
  expect(withoutValues(error?.message ?? '')).toBe(expected);
});

it('leaves other messages as they are', () => {
  for (const message of ['Cannot query field "x" on type "Query".', 'The page is not valid.']) expect(withoutValues(message)).toBe(message);
});
