export { compose } from './composition.ts';
export { domainsWithout } from './domains.ts';
export { startGraph, type GraphOptions } from './graph.ts';
export { startSplit } from './split.ts';
export { traceTo } from './tracing.ts';
