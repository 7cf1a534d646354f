export { startGateway, type Gateway, type GatewayOptions } from './main.ts';
export type { CredentialChange } from './identity/identity-cache.ts';
export { limitsNamed, type Limits } from './limits/limits.ts';
export { httpTransport, type HttpTransportOptions } from './transport/http.ts';
export { inMemoryTransport, type LocalRuntime } from './transport/memory.ts';
export type { PublicCaller, SubgraphRequest, SubgraphTransport } from './transport/transport.ts';
