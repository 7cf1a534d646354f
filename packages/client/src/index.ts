export { createClient, type Client, type ClientOptions, type Listener, type Subscription } from './client.ts';
export type { BackoffOptions } from './backoff.ts';
export type { ConnectionChange } from './connection.ts';
export { StreamError, type AnswerError, type StreamErrorCode } from './errors.ts';
export type { Feed, FeedEvent, OnResync } from './feed.ts';
export type { Answer, Document, Operation } from './operation.ts';
