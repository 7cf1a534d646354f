export { accounts } from './subgraph.ts';
