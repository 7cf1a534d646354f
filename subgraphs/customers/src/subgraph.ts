import { defineSubgraph } from '@storegraph/subgraph';
import { address } from './address/index.ts';
import { contactPoint } from './contact-point/index.ts';
import { customer } from './customer/index.ts';
import { tag } from './tag/index.ts';

export const customers = defineSubgraph({ name: 'customers', modules: [customer, address, contactPoint, tag] });
