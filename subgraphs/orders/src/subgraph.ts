import { defineSubgraph } from '@storegraph/subgraph';
import { cart } from './cart/index.ts';
import { customer } from './customer/index.ts';
import { desk } from './desk/index.ts';
import { discount } from './discount/index.ts';
import { draft } from './draft/index.ts';
import { edit } from './edit/index.ts';
import { fulfillment } from './fulfillment/index.ts';
import { live } from './live/index.ts';
import { giftCard } from './gift-card/index.ts';
import { order } from './order/index.ts';
import { payment } from './payment/index.ts';
import { returns } from './return/index.ts';
import { store } from './store/index.ts';

export const orders = defineSubgraph({
  name: 'orders',
  modules: [order, draft, edit, cart, discount, payment, giftCard, fulfillment, returns, customer, store, desk, live],
});
