import { system } from '@storegraph/auth';
import { defineSubgraph } from '@storegraph/subgraph';
import { activity } from './activity/index.ts';
import { apiKey } from './api-key/index.ts';
import { exchange } from './exchange.ts';
import { member } from './member/index.ts';
import { role } from './role/index.ts';
import { session } from './session/index.ts';
import { ensureSigningKey } from './session/signing-keys.ts';
import { store } from './store/index.ts';
import { user } from './user/index.ts';
import { viewer } from './viewer/index.ts';

export const accounts = defineSubgraph({
  name: 'accounts',
  modules: [store, user, session, member, role, apiKey, activity, viewer],
  exchange,
  start: ({ services, db }) => ensureSigningKey(services, db(system(null))),
});
