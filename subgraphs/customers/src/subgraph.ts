import { system } from '@storegraph/auth';
import { defineSubgraph } from '@storegraph/subgraph';
import { account } from './account/index.ts';
import { address } from './address/index.ts';
import { contactPoint } from './contact-point/index.ts';
import { customer } from './customer/index.ts';
import { customerExport } from './customer-export/index.ts';
import { customerImport } from './customer-import/index.ts';
import { erasure } from './erasure/index.ts';
import { exchange } from './exchange.ts';
import { merge } from './merge/index.ts';
import { session } from './session/index.ts';
import { presentKeys } from './session/signing-keys.ts';
import { tag } from './tag/index.ts';

export const customers = defineSubgraph({
  name: 'customers',
  modules: [customer, address, contactPoint, tag, customerExport, customerImport, merge, erasure, account, session],
  exchange,
  start: async (env) => void (await presentKeys(env, env.db(system(null)))),
});
