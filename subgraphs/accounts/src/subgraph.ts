import { system } from '@storegraph/auth';
import { defineSubgraph } from '@storegraph/subgraph';
import { activity } from './activity/index.ts';
import { apiKey } from './api-key/index.ts';
import { exchange } from './exchange.ts';
import { invitation } from './invitation/index.ts';
import { job } from './job/index.ts';
import { member } from './member/index.ts';
import { password } from './password/index.ts';
import { platform } from './platform/index.ts';
import { role } from './role/index.ts';
import { session } from './session/index.ts';
import { rotateSigningKeys } from './session/signing-keys.ts';
import { store } from './store/index.ts';
import { totp } from './totp/index.ts';
import { user } from './user/index.ts';
import { verification } from './verification/index.ts';
import { viewer } from './viewer/index.ts';

export const accounts = defineSubgraph({
  name: 'accounts',
  modules: [store, user, verification, password, totp, session, member, invitation, role, apiKey, activity, viewer, platform, job],
  exchange,
  start: async ({ services, clock, db }) => {
    await rotateSigningKeys(db(system(null)), { sealer: services.sealer, now: clock.now(), onlyFirst: true });
  },
});
