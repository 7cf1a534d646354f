import { idOf } from '../../schemas.ts';

export const ofCustomer = { customerId: idOf('cus') };
const customer = (payload: { customerId: `cus_${string}` }) => payload.customerId;
/** Every event is about one customer: those of one come one after another, and what is personal in them is that customer's. */
export const ofOne = { producer: 'customers', aggregate: customer, subject: customer } as const;
