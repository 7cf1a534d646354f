import { deskWithIndexes } from './search-at-scale.ts';

deskWithIndexes(5_000);
