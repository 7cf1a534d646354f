import { context, propagation, SpanKind, SpanStatusCode, trace, type Span } from '@opentelemetry/api';

// Asked for anew each time: one that was got before tracing was set up, through the package's other module format, would never record.
const tracer = () => trace.getTracer('@storegraph/gateway');
const wellFormed = /^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/;

/** The caller's trace (W3C Trace Context), when its header is well-formed. */
export const incomingTraceparent = (header: unknown): string | null =>
  typeof header === 'string' && wellFormed.test(header) ? header : null;

/** What a hop carries: the active span's context, or the caller's own when no tracing is set up here. */
export function outgoingTraceparent(incoming: string | null): string | null {
  const carrier: { traceparent?: string } = {};
  propagation.inject(context.active(), carrier);
  return carrier.traceparent ?? incoming;
}

/** Runs one request in a span of its own, as a child of the caller's trace. */
export function traced<T>(name: string, traceparent: string | null, run: () => Promise<T>): Promise<T> {
  const parent = traceparent ? propagation.extract(context.active(), { traceparent }) : context.active();
  return tracer().startActiveSpan(name, { kind: SpanKind.SERVER }, parent, (span) => within(span, run));
}

/** Runs one call to a subgraph in a span of its own, if its request is traced; else it costs nothing. */
export function tracedFetch<T>(subgraph: string, operation: string | undefined, run: () => Promise<T>): Promise<T> {
  if (!trace.getActiveSpan()?.isRecording()) return run();
  const attributes = { 'storegraph.subgraph': subgraph, 'graphql.operation.name': operation };
  return tracer().startActiveSpan('gateway.fetch', { kind: SpanKind.CLIENT, attributes }, (span) => within(span, run));
}

async function within<T>(span: Span, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    span.setStatus({ code: SpanStatusCode.ERROR });
    throw error;
  } finally {
    span.end();
  }
}
