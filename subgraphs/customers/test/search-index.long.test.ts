import { searchesWithIndexes } from './search-at-scale.ts';

searchesWithIndexes(100_000);
