import { parser } from '@graphql-eslint/eslint-plugin';
import { RuleTester } from 'eslint';
import { describe, it } from 'vitest';
import { mutationStem } from './mutation-stem.ts';

RuleTester.describe = describe;
RuleTester.it = it;

const tester = new RuleTester({ languageOptions: { parser } });
const mutation = (field: string) => ({ filename: 'schema.graphql', code: `extend type Mutation { ${field} }`, name: field });

tester.run('mutation-stem', mutationStem, {
  valid: [
    mutation('orderCancel(input: OrderCancelInput!): OrderCancelPayload!'),
    { ...mutation(''), code: 'extend type Query { order(id: ID!): Order }' },
  ],
  invalid: [
    { ...mutation('orderCancel(id: ID!): OrderCancelPayload!'), errors: [{ messageId: 'input' }] },
    { ...mutation('orderCancel(input: OrderCancelInput): OrderCancelPayload!'), errors: [{ messageId: 'input' }] },
    { ...mutation('orderCancel(input: OrderCancelInput!, note: String): OrderCancelPayload!'), errors: [{ messageId: 'input' }] },
    { ...mutation('orderCancel(input: OrderCancelInput!): Order'), errors: [{ messageId: 'payload' }] },
    { ...mutation('orderCancel: [OrderCancelPayload!]!'), errors: [{ messageId: 'input' }, { messageId: 'payload' }] },
  ],
});
