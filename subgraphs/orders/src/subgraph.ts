import { defineSubgraph } from '@storegraph/subgraph';
import { customer } from './customer/index.ts';
import { fulfillment } from './fulfillment/index.ts';
import { order } from './order/index.ts';
import { payment } from './payment/index.ts';
import { store } from './store/index.ts';

export const orders = defineSubgraph({ name: 'orders', modules: [order, payment, fulfillment, customer, store] });
