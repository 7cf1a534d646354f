import { describe } from 'vitest';
import { sampleFile } from './desk.ts';
import { holdsFor } from './whole.ts';

describe('the import of a sample of real orders', () => holdsFor(sampleFile, { brokenLine: 430 }));
