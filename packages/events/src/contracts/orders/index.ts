export * from './fulfillment.ts';
export * from './order.ts';
export * from './payment.ts';
export * from './refund.ts';
