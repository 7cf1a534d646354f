export * from './cart.ts';
export * from './discount.ts';
export * from './fulfillment.ts';
export * from './gift-card.ts';
export * from './order.ts';
export * from './payment.ts';
export * from './refund.ts';
export * from './return.ts';
