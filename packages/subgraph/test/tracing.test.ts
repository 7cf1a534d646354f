import { context, propagation, trace } from '@opentelemetry/api';
import { silentLogger } from '@storegraph/core';
import { InMemorySpanExporter, NodeTracerProvider, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-node';
import { afterAll, expect, it } from 'vitest';
import { fixtureHarness } from './fixture/runtime.ts';
import { canary } from './fixture/subgraph.ts';

const exporter = new InMemorySpanExporter();
const provider = new NodeTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
provider.register();
afterAll(async () => {
  await provider.shutdown();
  trace.disable();
  context.disable();
  propagation.disable();
});

const { ask } = await fixtureHarness({ log: silentLogger });

it("a request is a span of its caller's trace, with the codes of its errors and nothing of its content", async () => {
  await ask('query Broken { fails(how: "throw") }', {
    operationName: 'Broken',
    traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
  });
  const [span, ...others] = exporter.getFinishedSpans();
  expect(others).toEqual([]);
  expect(span?.spanContext().traceId).toBe('0af7651916cd43dd8448eb211c80319c');
  expect(span?.parentSpanContext?.spanId).toBe('b7ad6b7169203331');
  expect([span?.name, span?.attributes, span?.status.message]).toEqual([
    'orders Broken',
    { 'graphql.operation.type': 'query' },
    'INTERNAL',
  ]);
  expect(JSON.stringify([span?.attributes, span?.events, span?.status])).not.toContain(canary);
});
