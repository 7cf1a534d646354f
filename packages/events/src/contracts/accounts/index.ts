export * from './api-key.ts';
export * from './invitation.ts';
export * from './member.ts';
export * from './role.ts';
export * from './session.ts';
export * from './store.ts';
export * from './user.ts';
