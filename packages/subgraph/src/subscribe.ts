import { createSourceEventStream, execute, type DocumentNode, type FormattedExecutionResult, type GraphQLSchema } from 'graphql';
import type { RequestContext } from './context.ts';
import type { SubgraphRequest } from './request.ts';

interface Subscription {
  readonly schema: GraphQLSchema;
  readonly document: DocumentNode;
  readonly request: SubgraphRequest;
  /** Aborts when nobody listens any more. */
  readonly signal: AbortSignal;
  contextOf(): RequestContext;
  /** What may be shown of an answer or of an error. */
  shown(result: FormattedExecutionResult | Awaited<ReturnType<typeof execute>>): FormattedExecutionResult;
  failed(error: unknown): FormattedExecutionResult;
}

/**
 * Runs a subscription: an answer for each event, in their order, each with a context of its own. What ends it early is its last answer, without data.
 * A context holds no connection while events are waited for.
 */
export async function* answersOf(subscription: Subscription): AsyncGenerator<FormattedExecutionResult, void> {
  const { schema, document, request, signal, contextOf, shown, failed } = subscription;
  const args = { schema, document, variableValues: request.variables ?? null, operationName: request.operationName ?? null };
  const source = await inContext(contextOf(), (contextValue) => createSourceEventStream({ ...args, contextValue }));
  if (!(Symbol.asyncIterator in source)) {
    yield shown(source);
    return;
  }
  const events = source[Symbol.asyncIterator]();
  const stop = () => void events.return?.().catch(() => undefined);
  signal.addEventListener('abort', stop);
  try {
    for (;;) {
      const next = signal.aborted ? { done: true as const } : await events.next();
      if (next.done === true) return;
      const answer = await inContext(contextOf(), (contextValue) => execute({ ...args, rootValue: next.value, contextValue }));
      yield shown(answer);
      // Without its cursor the client could not know that it has missed one.
      if (!answer.data) return;
    }
  } catch (error) {
    yield failed(error);
  } finally {
    signal.removeEventListener('abort', stop);
    stop();
  }
}

async function inContext<T>(ctx: RequestContext, work: (ctx: RequestContext) => T | PromiseLike<T>): Promise<T> {
  try {
    return await work(ctx);
  } finally {
    await ctx.end();
  }
}
