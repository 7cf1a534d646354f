import { defineModule } from '@storegraph/subgraph';
import { rememberMember } from './known.ts';

export const member = defineModule({ reactions: [rememberMember] });
