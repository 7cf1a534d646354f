export * from './api-key.ts';
export * from './member.ts';
export * from './session.ts';
export * from './store.ts';
export * from './user.ts';
