export { noteActivity, type ActivityNote } from './audit.ts';
export type { Context, LoadContext, Services } from './context.ts';
export {
  assertOneOwner,
  defineModule,
  defineSubgraph,
  type Exchange,
  type Module,
  type Start,
  type SubgraphDefinition,
} from './definition.ts';
export { streamOf, type Env, type Env as ExchangeEnv } from './env.ts';
export { orThrow, PublicError, type PublicCode } from './errors.ts';
export { idempotencyKey, idOf, jsonObject, multiline, readId, refusals, text, validate, type InputCode } from './input.ts';
export { country, currency, email, locale, optional, timezone } from './fields.ts';
export { readFeedCursor, writeFeedCursor } from './feed/cursor.ts';
export {
  createFeeds,
  feedEnd,
  perRead,
  wholeFeed,
  type FeedEntry,
  type FeedHead,
  type FeedLimits,
  type FeedSource,
  type Feeds,
} from './feed/feed.ts';
export type { HubHost } from './hub.ts';
export { grouped, inOrder, loader } from './loader.ts';
export { payload } from './payload.ts';
export type { SubgraphRequest } from './request.ts';
export type { PublicCall, PublicCaller, PublicRoute } from './routes.ts';
export { createRuntime, type RuntimeOptions, type SubgraphRuntime } from './runtime.ts';
export { serveSubgraph } from './serve.ts';
