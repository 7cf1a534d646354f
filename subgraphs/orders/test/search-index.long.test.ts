import { deskWithIndexes } from './search-at-scale.ts';

deskWithIndexes(100_000);
