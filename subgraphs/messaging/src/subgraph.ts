import { defineSubgraph } from '@storegraph/subgraph';
import { conversation } from './conversation/index.ts';
import { customer } from './customer/index.ts';
import { emailSettings } from './email-settings/index.ts';
import { email } from './email/index.ts';
import { live } from './live/index.ts';
import { macro } from './macro/index.ts';
import { member } from './member/index.ts';
import { message } from './message/index.ts';
import { participant } from './participant/index.ts';
import { notice } from './notice/index.ts';
import { scheduled } from './scheduled/index.ts';
import { store } from './store/index.ts';
import { team } from './team/index.ts';
import { template } from './template/index.ts';
import { seedTemplates } from './template/seed.ts';

export const messaging = defineSubgraph({
  name: 'messaging',
  modules: [
    conversation,
    message,
    participant,
    scheduled,
    macro,
    team,
    live,
    customer,
    member,
    store,
    template,
    emailSettings,
    email,
    notice,
  ],
  start: seedTemplates,
});
