import type { GraphQLError } from 'graphql';
import { refused } from '../../errors.ts';

/** What is valid, and has no plan all the same. */
export const unplannable = (message: string): GraphQLError => refused('BAD_REQUEST', message, { limit: 'plan' });

/** There are too many ways to answer it, or too long a way. */
export const tooComplex = (): GraphQLError => unplannable('The operation is too complex to be planned.');

/** So many wait to be planned that this one would wait too long. */
export const busy = (): GraphQLError =>
  refused('RATE_LIMITED', 'Too many operations that are new wait to be planned. Repeat it in a moment.');
