import { context, propagation, SpanKind, SpanStatusCode, trace, type Span, type Tracer } from '@opentelemetry/api';
import type { SentFetch, Watch, WatchedFetch } from './execution/contract.ts';

const name = '@storegraph/gateway';

/** Until tracing is set up, OpenTelemetry gives a provider that has no tracer behind it. */
interface Provider {
  getTracer(name: string): Tracer;
  getDelegateTracer?(name: string): Tracer | undefined;
}

/**
 * Undefined where tracing is off: then no span is made, nor anything in its stead. Asked for anew each time: one that was got before tracing was set up,
 * through the package's other module format, would never record.
 */
function tracer(): Tracer | undefined {
  const provider: Provider = trace.getTracerProvider();
  return provider.getDelegateTracer ? provider.getDelegateTracer(name) : provider.getTracer(name);
}

const wellFormed = /^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/;

/** The caller's trace (W3C Trace Context), when its header is well-formed. */
export const incomingTraceparent = (header: unknown): string | null =>
  typeof header === 'string' && wellFormed.test(header) ? header : null;

/** What a hop carries: the active span's context, or the caller's own when no tracing is set up here. */
export function outgoingTraceparent(incoming: string | null): string | null {
  if (!trace.getActiveSpan()) return incoming;
  const carrier: { traceparent?: string } = {};
  propagation.inject(context.active(), carrier);
  return carrier.traceparent ?? incoming;
}

/** Runs one request in a span of its own, as a child of the caller's trace. */
export function traced<T>(what: string, traceparent: string | null, run: () => Promise<T>): Promise<T> {
  const tracing = tracer();
  if (!tracing) return run();
  const parent = traceparent ? propagation.extract(context.active(), { traceparent }) : context.active();
  return tracing.startActiveSpan(what, { kind: SpanKind.SERVER }, parent, async (span) => {
    try {
      return await run();
    } catch (error) {
      span.setStatus({ code: SpanStatusCode.ERROR });
      throw error;
    } finally {
      span.end();
    }
  });
}

/** Makes a span of each node of a plan and of each fetch, if the request that is under way here is traced. */
export const tracingWatch = (): Watch | undefined => (trace.getActiveSpan()?.isRecording() ? spans : undefined);

const spans: Watch = {
  node: (kind, path, run) =>
    trace.getTracer(name).startActiveSpan(`gateway.${kind}`, { attributes: { 'storegraph.path': path.join('.') } }, (span) => {
      const running = run();
      if (running instanceof Promise) void running.finally(() => span.end()).catch(() => undefined);
      else span.end();
      return running;
    }),
  fetch: (fetch, run) =>
    trace.getTracer(name).startActiveSpan('gateway.fetch', { kind: SpanKind.CLIENT, attributes: attributesOf(fetch) }, (span) => {
      const sent = run();
      span.setAttribute('storegraph.shared', sent.shared);
      void ended(span, sent);
      return sent;
    }),
};

const attributesOf = ({ subgraph, path, operationName, representations }: WatchedFetch) => ({
  'storegraph.subgraph': subgraph,
  'storegraph.path': path.join('.'),
  ...(operationName !== undefined && { 'graphql.operation.name': operationName }),
  ...(representations !== undefined && { 'storegraph.representations': representations }),
});

async function ended(span: Span, { answer }: SentFetch): Promise<void> {
  const { data, errors } = await answer.catch(() => ({ data: null, errors: [] }));
  if (data === null || errors.length > 0) span.setStatus({ code: SpanStatusCode.ERROR });
  span.end();
}
