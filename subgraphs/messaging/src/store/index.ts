import { defineModule } from '@storegraph/subgraph';
import { rememberStore } from './known.ts';

export const store = defineModule({ reactions: [rememberStore] });
