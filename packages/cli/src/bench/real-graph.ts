import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { environment, parseId } from '@storegraph/core';
import { clientOf, compareSides, measuredSettings, run, type Program, type Side, type Workload } from '@storegraph/gateway/bench';
import { domainsWithout } from '../domains.ts';
import { importOrderFile } from '../import/orders.ts';
import { onlineRetail } from '../import/layout.ts';
import { inspect } from '../import/read.ts';
import { gatewaySettings, subgraphSettings } from '../processes.ts';
import { gatewayRows } from './gateway.ts';
import type { Measurement } from './measure.ts';
import { writeOrdersFile } from './orders-file.ts';
import { onStage, type Stage } from './stage.ts';

const query = `
  query Customer($id: ID!) {
    customer(id: $id) {
      id number firstName lastName status
      orderMetrics { totalOrders totalSpent { amount currency } lastOrderDate }
      recentOrders(first: 5) { id number status placedAt total { amount currency } lines { name quantity total { amount } } }
    }
  }`;

/**
 * A customer with metrics and recent orders from the real graph, each side in processes of its own: all in one against a bare server with the
 * same questions in SQL, and against the same graph split into processes.
 */
export function benchRealGraph(): Promise<Measurement[]> {
  return onStage(async (stage) => {
    const workload = await customers(stage);
    await using closing = new AsyncDisposableStack();
    const { token = '' } = stage.owner;
    // What is measured runs elsewhere; this one would only take turns with it.
    await stage.graph.close();
    const start = async (program: Program) => closing.use(await run(program));
    const side = (processes: Side['processes'], url: string): Side => ({
      processes,
      client: closing.adopt(clientOf(url, { authorization: `Bearer ${token}` }), (client) => client.close()),
    });

    const whole = await start({ file: file('./whole-graph.ts'), args: [], settings: wholeSettings(stage) });
    const ours = side([whole], whole.url);
    const bare = await start({
      file: file('./bare-server.ts'),
      args: [stage.storeUuid, createHash('sha256').update(token).digest('base64url')],
      settings: { DATABASE_URL: stage.options.adminUrl },
    });
    const againstBare = await compareSides(workload, { ours, reference: side([bare], bare.url) });
    const split = await startSplitProcesses(stage, start);
    const againstSplit = await compareSides(workload, { ours, reference: side(split.processes, split.url) });
    return [
      ...gatewayRows('a customer with metrics and orders, all in one, against a bare server’s SQL', againstBare, {
        cpu: workload.aim,
        peak: null,
      }),
      ...gatewayRows('the same, all in one, against split', againstSplit, { cpu: null, peak: null }),
    ];
  });
}

const file = (name: string) => fileURLToPath(new URL(name, import.meta.url));

/** Imports orders, and asks for one customer after the other. */
async function customers({ owner, bare, graph, folder }: Stage): Promise<Workload> {
  const path = join(folder, 'orders.csv');
  await writeOrdersFile(path, 20_000);
  const { store } = await owner.run<{ store: { id: string } }>('{ store { id } }');
  const storeId = parseId('sto', store.id);
  if (!storeId) throw new Error('The store has no id.');
  const analyze = async () => {};
  await importOrderFile({ pool: graph.pool, storeId, file: await inspect(path, onlineRetail), analyze, onRejected: () => {} });
  await bare.query('vacuum analyze');
  const { customers: page } = await owner.run<{ customers: { nodes: { id: string }[] } }>('{ customers(first: 100) { nodes { id } } }');
  return {
    name: 'a customer with metrics and orders',
    query,
    variables: (request) => ({ id: page.nodes.at(request % page.nodes.length)?.id }),
    concurrency: 8,
    delayMs: 0,
    aim: 3,
  };
}

const wholeSettings = ({ options }: Stage): Record<string, string> => ({
  DATABASE_URL: options.adminUrl,
  STOREGRAPH_SECRET: options.secret,
  STOREGRAPH_ROLE_PREFIX: options.rolePrefix,
});

/** The processes of a split deployment, each with its own rights. */
async function startSplitProcesses(
  { options }: Stage,
  start: (program: Program) => ReturnType<typeof run>,
): Promise<{ processes: Side['processes']; url: string }> {
  const main = file('../main.ts');

  const settings = environment({ ...measuredSettings, STOREGRAPH_ROLE_PREFIX: options.rolePrefix });
  const at = { settings, secret: options.secret };
  const subgraphs = await Promise.all(
    domainsWithout([]).map(async ({ name }) => {
      const process = await start({ file: main, args: ['serve', name], settings: subgraphSettings(at, options.adminUrl, name) });
      return [name, process] as const;
    }),
  );
  const urls = Object.fromEntries(subgraphs.map(([name, { url }]) => [name, url]));
  const gateway = await start({ file: main, args: ['gateway', '--port', '0'], settings: gatewaySettings(at, options.adminUrl, urls) });
  return { processes: [gateway, ...subgraphs.map(([, process]) => process)], url: gateway.url };
}
