import { searchesWithIndexes } from './search-at-scale.ts';

searchesWithIndexes(5_000);
