import { defineKnownCustomers, type Domain } from '@storegraph/known-customers';
import { own } from '@storegraph/database';
import { orderExports } from '../desk/tables.ts';
import { recounted, uncount } from './counters.ts';
import { treatments } from './personal.ts';
import { known } from './tables.ts';

export { noSuchCustomer, untilCustomerKnown } from '@storegraph/known-customers';

export const domain: Domain = {
  name: 'orders',
  tables: known,
  treatments,
  // An order that was a guest's, a cart that was nobody's.
  subjects: { orders: 'ord', carts: 'crt', gift_cards: 'gft', discount_codes: 'dcd' },
  dropFiles: async (tx) => {
    const { count } = await tx.delete(orderExports.exports).where(own(tx, orderExports.exports));
    return { what: 'exports', count };
  },
  counted: recounted,
  uncount,
};

export const { reactions, rememberCustomers, unknownCustomer, lockKnown } = defineKnownCustomers(domain);
