import { defineModule } from '@storegraph/subgraph';
import { mailInvitation, mailRepeatedSignUp, mailUsers } from './accounts.ts';
import { mailPasswordResets, mailSignUps } from './customers.ts';
import { mailOrders, rememberOrder } from './orders.ts';
import { mailAbandonedCarts, mailGiftCards } from './shopping.ts';

/** What the events of other domains have mailed. */
export const notice = defineModule({
  reactions: [
    mailUsers,
    mailRepeatedSignUp,
    mailInvitation,
    mailSignUps,
    mailPasswordResets,
    rememberOrder,
    mailOrders,
    mailGiftCards,
    mailAbandonedCarts,
  ],
});
