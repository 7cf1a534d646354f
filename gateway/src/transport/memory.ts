import type { Credential, Identity } from '@storegraph/auth';
import type { PublicCaller, SubgraphRequest, SubgraphTransport } from './transport.ts';

/** A subgraph that runs in this process. */
export interface LocalRuntime {
  readonly name: string;
  execute(request: SubgraphRequest): Promise<unknown>;
  subscribe?(request: SubgraphRequest): AsyncIterableIterator<unknown, void>;
  exchange?: ((credential: Credential) => Promise<Identity | null>) | undefined;
  handlePublic?(request: Request, caller: PublicCaller): Promise<Response>;
  health(): Promise<boolean>;
}

/** Calls a subgraph of this process. The runtime stays its owner's: closing the transport does not close it. */
export function inMemoryTransport(runtime: LocalRuntime): SubgraphTransport {
  const { exchange } = runtime;
  return {
    execute: (request) => runtime.execute(request),
    ...(runtime.subscribe && { subscribe: runtime.subscribe.bind(runtime) }),
    ...(exchange && { exchange: (credential: Credential) => exchange(credential) }),
    ...(runtime.handlePublic && {
      forward: async (request: Request, caller: PublicCaller) =>
        (await runtime.handlePublic?.(request, caller)) ?? new Response(null, { status: 404 }),
    }),
    healthy: () => runtime.health(),
    close: () => Promise.resolve(),
  };
}
