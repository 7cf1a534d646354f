import { context, propagation, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { InMemorySpanExporter, NodeTracerProvider, SimpleSpanProcessor, type ReadableSpan } from '@opentelemetry/sdk-trace-node';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { fixtureGraph, type FixtureGraph } from './fixture/graph.ts';

// In a process of its own: the first tracer that a process is given stays.
const nested = '{ customers { name orderCount store { name } } }';
let graph: FixtureGraph;
beforeAll(async () => {
  graph = await fixtureGraph('http');
});
afterAll(() => graph.close());

describe('with tracing off', () => {
  afterEach(() => void vi.restoreAllMocks());

  it('no span is made, nor is anything asked for one, and the caller’s own trace is handed on', async () => {
    const asked = [
      vi.spyOn(trace, 'getTracer'),
      vi.spyOn(trace.getTracerProvider(), 'getTracer'),
      vi.spyOn(trace, 'wrapSpanContext'),
      vi.spyOn(context, 'with'),
      vi.spyOn(propagation, 'inject'),
      vi.spyOn(propagation, 'extract'),
    ];
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    const { body } = await graph.ask(nested, { headers: { traceparent } });
    expect(body.data?.['customers']).toHaveLength(3);
    expect(asked.map((spy) => spy.mock.calls.length)).toEqual([0, 0, 0, 0, 0, 0]);
    expect(graph.orders.seen.at(-1)?.traceparent).toBe(traceparent);
  });
});

describe('with tracing on', () => {
  const exporter = new InMemorySpanExporter();
  const provider = new NodeTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
  beforeAll(() => provider.register());
  beforeEach(() => exporter.reset());
  afterAll(async () => {
    await provider.shutdown();
    trace.disable();
    context.disable();
    propagation.disable();
  });

  const traceId = '0af7651916cd43dd8448eb211c80319c';
  const from = (flags: '00' | '01') => ({ headers: { traceparent: `00-${traceId}-b7ad6b7169203331-${flags}` } });

  const pathOf = ({ attributes }: ReadableSpan) => String(attributes['storegraph.path']);

  /** What is below a span, in the order of paths: name, attributes, and what is below that. */
  function below(parent: string | undefined, all: readonly ReadableSpan[]): unknown[] {
    return all
      .filter(({ parentSpanContext }) => parentSpanContext?.spanId === parent)
      .toSorted((a, b) => (pathOf(a) < pathOf(b) ? -1 : 1))
      .map((span) => {
        const inner = below(span.spanContext().spanId, all);
        return [span.name, span.attributes, ...(inner.length > 0 ? [inner] : [])];
      });
  }

  it('each node of the plan and each fetch is a span in the caller’s trace, which each hop hands on to its subgraph', async () => {
    await graph.ask(nested, from('01'));
    const spans = exporter.getFinishedSpans();
    expect(new Set(spans.map((span) => span.spanContext().traceId))).toEqual(new Set([traceId]));
    const fetched = (subgraph: string, path: string, more: object = {}) => [
      'gateway.fetch',
      { 'storegraph.subgraph': subgraph, 'storegraph.path': path, 'storegraph.shared': false, ...more },
    ];
    const flattened = (subgraph: string, path: string, representations: number) => [
      'gateway.flatten',
      { 'storegraph.path': path },
      [fetched(subgraph, path, { 'storegraph.representations': representations })],
    ];
    expect(below('b7ad6b7169203331', spans)).toEqual([
      [
        'graphql',
        {},
        [
          [
            'gateway.sequence',
            { 'storegraph.path': '' },
            [
              fetched('customers', ''),
              [
                'gateway.parallel',
                { 'storegraph.path': '' },
                [flattened('orders', 'customers.@', 3), flattened('accounts', 'customers.@.store', 1)],
              ],
            ],
          ],
        ],
      ],
    ]);
    const fetches = spans.filter(({ name }) => name === 'gateway.fetch');
    expect(new Set(fetches.map(({ kind }) => kind))).toEqual(new Set([SpanKind.CLIENT]));
    const idOf = (subgraph: string) =>
      fetches.find(({ attributes }) => attributes['storegraph.subgraph'] === subgraph)?.spanContext().spanId;
    for (const { name, seen } of [graph.customers, graph.orders, graph.accounts])
      expect(seen.at(-1)?.traceparent).toBe(`00-${traceId}-${idOf(name)}-01`);
  });

  it('a fetch that failed is marked, and one that was answered is not', async () => {
    graph.orders.answer = () => Promise.reject(new Error('down'));
    await graph.ask(nested, from('01'));
    graph.orders.answer = undefined;
    const fetches = exporter.getFinishedSpans().filter(({ name }) => name === 'gateway.fetch');
    expect(Object.fromEntries(fetches.map(({ attributes, status }) => [attributes['storegraph.subgraph'], status.code]))).toEqual({
      customers: SpanStatusCode.UNSET,
      orders: SpanStatusCode.ERROR,
      accounts: SpanStatusCode.UNSET,
    });
  });

  it('a request that its caller does not record has no spans of the plan', async () => {
    await graph.ask(nested, from('00'));
    expect(exporter.getFinishedSpans()).toEqual([]);
  });
});
