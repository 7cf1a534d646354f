import { context, propagation, trace } from '@opentelemetry/api';
import { InMemorySpanExporter, NodeTracerProvider, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-node';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { fixtureGraph, type FixtureGraph } from './fixture/graph.ts';

// In a process of its own: the first tracer that a process is given stays.
const exporter = new InMemorySpanExporter();
const provider = new NodeTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
let graph: FixtureGraph;
beforeAll(async () => {
  provider.register();
  graph = await fixtureGraph('http');
});
afterAll(async () => {
  await graph.close();
  await provider.shutdown();
  trace.disable();
  context.disable();
  propagation.disable();
});

it('a request is a span in the caller’s trace, and each hop hands the trace on to its subgraph', async () => {
  const traceId = '0af7651916cd43dd8448eb211c80319c';
  await graph.ask('{ customer(id: "cus_1") { name orderCount } }', { headers: { traceparent: `00-${traceId}-b7ad6b7169203331-01` } });
  const spans = exporter.getFinishedSpans().filter((span) => span.spanContext().traceId === traceId);
  const request = spans.find(({ name }) => name === 'graphql');
  expect(request?.parentSpanContext?.spanId).toBe('b7ad6b7169203331');
  const fetches = spans.filter(({ name }) => name === 'gateway.fetch').map((span) => span.spanContext().spanId);
  expect(fetches).toHaveLength(2);
  expect(spans.filter(({ name }) => name === 'gateway.fetch').map(({ attributes }) => attributes['storegraph.subgraph'])).toEqual([
    'customers',
    'orders',
  ]);
  const handedOn = [graph.customers, graph.orders].map(({ seen }) => seen[0]?.traceparent?.split('-'));
  expect(handedOn.map((parts) => parts?.[1])).toEqual([traceId, traceId]);
  expect(new Set(handedOn.map((parts) => parts?.[2]))).toEqual(new Set(fetches));
});
