import { describe } from 'vitest';
import { wholeFile } from './desk.ts';
import { holdsFor } from './whole.ts';

describe.skipIf(wholeFile === null)('the import of 39,529 real order lines', () => holdsFor(wholeFile ?? '', { brokenLine: 39_531 }));
