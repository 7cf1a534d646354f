export * from './conversation.ts';
export * from './message.ts';
