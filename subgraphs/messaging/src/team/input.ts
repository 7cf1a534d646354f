import { multiline, text } from '@storegraph/subgraph';

export const name = text(100);
export const slug = text(50).regex(/^[a-z0-9]+(?:-[a-z0-9]+)*$/, { error: 'May hold small letters, digits and single hyphens.' });
export const description = multiline(1000);
