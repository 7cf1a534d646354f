import { context, propagation, SpanKind, SpanStatusCode, trace, type Span } from '@opentelemetry/api';
import { Counter, Gauge, Histogram, type Registry } from 'prom-client';

export interface Telemetry {
  readonly registry: Registry;
  /** Runs the request inside a span that continues the caller's trace. Costs next to nothing while no tracer is registered. */
  inSpan<T>(name: string, traceparent: string | null | undefined, work: (span: Span) => Promise<T>): Promise<T>;
  request(kind: string, startedAt: number, codes: readonly string[], span: Span): void;
  /** A subscription has begun; call what it gives when it has ended. */
  subscription(): () => void;
}

/** The subgraph's metrics, in a registry that subgraphs of one process may share. */
export function createTelemetry(subgraph: string, registry: Registry): Telemetry {
  const requests = counter(registry, 'storegraph_subgraph_requests_total', 'Operations that were run.', ['subgraph', 'kind']);
  const errors = counter(registry, 'storegraph_subgraph_errors_total', 'Errors in answers, by code.', ['subgraph', 'kind', 'code']);
  const duration = histogram(registry, 'storegraph_subgraph_duration_seconds', 'From request to answer.', ['subgraph', 'kind']);
  const live = gauge(registry, 'storegraph_subgraph_subscriptions', 'Subscriptions that are open.', ['subgraph']);
  const tracer = trace.getTracer('@storegraph/subgraph');

  return {
    registry,
    inSpan(name, traceparent, work) {
      const parent = traceparent ? propagation.extract(context.active(), { traceparent }) : context.active();
      return tracer.startActiveSpan(`${subgraph} ${name}`, { kind: SpanKind.SERVER }, parent, async (span) => {
        try {
          return await work(span);
        } finally {
          span.end();
        }
      });
    },
    request(kind, startedAt, codes, span) {
      requests.inc({ subgraph, kind });
      duration.observe({ subgraph, kind }, (performance.now() - startedAt) / 1000);
      for (const code of codes) errors.inc({ subgraph, kind, code });
      if (!span.isRecording()) return;
      span.setAttribute('graphql.operation.type', kind);
      if (codes.length > 0) span.setStatus({ code: SpanStatusCode.ERROR, message: codes.join(' ') });
    },
    subscription() {
      live.inc({ subgraph });
      return () => live.dec({ subgraph });
    },
  };
}

function counter(registry: Registry, name: string, help: string, labelNames: string[]): Counter {
  const known = registry.getSingleMetric(name);
  return known instanceof Counter ? known : new Counter({ name, help, labelNames, registers: [registry] });
}

function gauge(registry: Registry, name: string, help: string, labelNames: string[]): Gauge {
  const known = registry.getSingleMetric(name);
  return known instanceof Gauge ? known : new Gauge({ name, help, labelNames, registers: [registry] });
}

function histogram(registry: Registry, name: string, help: string, labelNames: string[]): Histogram {
  const known = registry.getSingleMetric(name);
  const buckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 5];
  return known instanceof Histogram ? known : new Histogram({ name, help, labelNames, buckets, registers: [registry] });
}
