import { banner } from '../banner.ts';
import { ensureDemoStore, mayHaveDemoStore } from '../demo.ts';
import { domainsWithout } from '../domains.ts';
import { graphOptions } from '../graph-options.ts';
import { startGraph } from '../graph.ts';
import { print } from '../output.ts';
import { defaultPort, ensureFree, portOf, portTaken } from '../port.ts';
import { databaseServer, deployment, type CommonOptions } from '../settings.ts';
import { runUntilStopped } from '../shutdown.ts';
import { startSplit } from '../split.ts';
import { startTracing } from '../tracing.ts';

export interface StartOptions extends CommonOptions {
  readonly split?: boolean;
  readonly without?: readonly string[];
}

/** Runs the whole graph until it is stopped: in this process, or (`split`) one process per subgraph and one for the gateway. */
export async function start({ split = false, without = [], ...options }: StartOptions): Promise<number> {
  const domains = domainsWithout(without);
  const at = await deployment(options, { service: true });
  const { settings, dataDir } = at;
  const port = portOf(options.port, settings.STOREGRAPH_PORT ?? defaultPort);
  const development = settings.NODE_ENV !== 'production';
  const embedded = !settings.DATABASE_URL;
  const names = domains.map((domain) => domain.name);
  // The demo store is there before the gateway opens: what says that it is ready can be logged in to.
  const withDemo = mayHaveDemoStore(settings);
  const prepare = withDemo ? (endpoint: string) => ensureDemoStore(endpoint, names) : undefined;
  await ensureFree(settings.STOREGRAPH_HOST, port);

  return runUntilStopped(async (closing, stopping) => {
    closing.defer(await startTracing(settings, 'storegraph'));
    print(embedded ? 'Starting PostgreSQL and bringing its schemas up to date …' : 'Bringing the database up to date …');
    const server = await databaseServer(at);
    closing.defer(() => server.stop());
    stopping.throwIfAborted();
    const graph = { ...graphOptions(at, server.adminUrl, domains), port, prepare };
    let url: string;
    if (split) {
      const running = await startSplit(at, graph, stopping);
      closing.defer(() => running.stop());
      url = running.url;
    } else {
      const running = await startGraph(graph);
      closing.defer(() => running.close());
      url = running.gateway.url;
    }
    stopping.throwIfAborted();
    const mails = (settings.STOREGRAPH_SMTP_URL ?? settings.STOREGRAPH_MAIL_OUTBOX) !== undefined;
    print(banner({ url, domains: names, development, withDemo, split, dataDir, embedded, mails }));
  }).catch((error: unknown) => {
    throw portTaken(error, port);
  });
}
