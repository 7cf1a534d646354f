import { defineModule } from '@storegraph/subgraph';
import { reactions } from './known.ts';

export const customer = defineModule({ reactions });
