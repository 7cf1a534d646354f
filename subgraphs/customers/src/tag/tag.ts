import { text } from '@storegraph/subgraph';
import { z } from 'zod';

/** How many tags a customer may bear: the list is given whole. */
export const mostTags = 50;

/** A tag as it is stored and compared: trimmed, in lower case. */
const tag = text(50).transform((given) => given.toLowerCase());

/** Tags of an input, each once. */
export const tagsInput = z
  .array(tag)
  .max(mostTags)
  .transform((tags) => [...new Set(tags)]);
