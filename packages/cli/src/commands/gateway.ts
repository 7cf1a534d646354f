import { createLogger, environment, type Environment, type Logger } from '@storegraph/core';
import type { Gateway } from '@storegraph/gateway';
import { defaultPort, portOf, portTaken } from '../port.ts';
import { announce } from '../ready.ts';
import { runUntilStopped } from '../shutdown.ts';
import { startTracing } from '../tracing.ts';

interface GatewayCommandOptions {
  readonly port?: string;
  readonly supergraph?: string;
  readonly open?: boolean;
}

/** What a gateway that runs alone is started with. */
export interface LoneGateway {
  readonly settings: Environment;
  readonly port: number;
  /** The file of the supergraph, if one is named. */
  readonly supergraph: string | undefined;
  readonly log: Logger;
}

/** Starts it, and defers what is to be closed after it. */
export type StartGateway = (closing: AsyncDisposableStack) => Promise<Gateway>;

/** Runs the gateway alone, before subgraphs in other processes: our own, or with `open` those of any supergraph. */
export async function gatewayCommand(options: GatewayCommandOptions): Promise<number> {
  const settings = environment();
  const lone: LoneGateway = {
    settings,
    port: portOf(options.port, settings.STOREGRAPH_PORT ?? defaultPort),
    supergraph: options.supergraph,
    log: createLogger({ level: settings.STOREGRAPH_LOG_LEVEL ?? 'info' }).child({ domain: 'gateway' }),
  };
  // An open gateway has no use for the subgraphs' schemas and the database's driver.
  const start = options.open
    ? await (await import('../open-gateway.ts')).openGateway(lone)
    : await (await import('../own-gateway.ts')).ownGateway(lone);

  return runUntilStopped(async (closing) => {
    closing.defer(await startTracing(settings, 'gateway'));
    const running = await start(closing);
    closing.defer(() => running.close());
    announce(running.url);
  }).catch((error: unknown) => {
    throw portTaken(error, lone.port);
  });
}
