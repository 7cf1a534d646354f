import { idOf, multiline, text } from '@storegraph/subgraph';
import { z } from 'zod';

/** In characters. */
export const maxContent = 10_000;

/** What is written in a message. */
export const content = multiline(maxContent);

/** Chosen by the sender, once for each message. */
export const clientId = text(100);

export const mentions = z.array(idOf('usr')).max(50);
