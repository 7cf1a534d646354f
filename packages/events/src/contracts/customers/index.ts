export * from './account.ts';
export * from './address.ts';
export * from './consent.ts';
export * from './contact-point.ts';
export * from './customer.ts';
export * from './erasure.ts';
export * from './merge.ts';
