import { parseId, type Id } from '@storegraph/core';
import { z } from 'zod';

/** An id of one kind in the data of a job. */
export const idOfKind = <Prefix extends string>(prefix: Prefix) => z.custom<Id<Prefix>>((value) => parseId(prefix, value) !== undefined);
