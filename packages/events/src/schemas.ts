import { parseId, type Id } from '@storegraph/core';
import { z } from 'zod';

/** An id of one kind in an event's payload: `idOf('ord')`. */
export const idOf = <Prefix extends string>(prefix: Prefix) =>
  z.custom<Id<Prefix>>((value) => parseId(prefix, value) !== undefined, { error: `not an id of kind ${prefix}` });

/** An id of any kind, where the contract serves every domain. */
export const anyId = z.custom<Id>(
  (value) => typeof value === 'string' && parseId(value.slice(0, value.lastIndexOf('_')), value) !== undefined,
  {
    error: 'not an id',
  },
);

/** Minor units and ISO 4217 currency, as `Money` of core. */
export const moneyOf = z.object({ amount: z.bigint(), currency: z.string().length(3) });
