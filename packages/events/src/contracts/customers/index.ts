export * from './address.ts';
export * from './contact-point.ts';
export * from './customer.ts';
