import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { createHopSigner, generateHopKeys } from '@storegraph/auth';
import { silentLogger } from '@storegraph/core';
import { Agent, request } from 'undici';
import { expect } from 'vitest';
import { httpTransport, startGateway } from '../../src/index.ts';
import { compose, type Answered } from '../fixture/graph.ts';
import { fixtureSubgraphs, type Fixture } from '../fixture/subgraphs.ts';
import type { Start, Started } from './subgraph-process.ts';

const script = fileURLToPath(new URL('./subgraph-process.ts', import.meta.url));
const deadlineMs = 5_000;
/** What a busy machine adds to it. */
const patienceMs = 10_000;
const tickMs = 50;
const mostUnderWay = 20;
/** Every wait is for something that comes: this is what a busy machine may take for it. */
const soon = { timeout: 60_000 };

const query = 'query ($id: ID!) { store { name } customer(id: $id) { name orders { id } orderCount } }';

/** What one request is answered, and no other. */
const dataFor = (id: string) => ({ store: { name: id }, customer: { name: `Name ${id}`, orders: [{ id: `ord_${id}` }], orderCount: 1 } });

type Data = ReturnType<typeof dataFor>;

/** What is lost without each of the subgraphs, and the data of the others. */
const without: Readonly<Record<keyof Fixture, { readonly paths: readonly string[]; data(whole: Data): object }>> = {
  accounts: { paths: ['store'], data: (whole) => ({ ...whole, store: null }) },
  customers: { paths: ['customer'], data: (whole) => ({ ...whole, customer: null }) },
  orders: {
    paths: ['customer.orders', 'customer.orderCount'],
    data: ({ store, customer }) => ({ store, customer: { ...customer, orders: null, orderCount: null } }),
  },
};
const victims = ['orders', 'customers', 'accounts'] as const;

interface Given {
  readonly kills: number;
  readonly perSecond: number;
}

/**
 * Kills (-9) processes of subgraphs, one after the other, under a steady load, and lets each come back on its port. Expects of every answer that it came within
 * the deadline and lacks at most the fields of the one that is away, and that nothing is lacking once that has been seen again. Gives how many answers were whole
 * and how many lacked something.
 */
export async function killOverAndOver({ kills, perSecond }: Given): Promise<{ whole: number; partial: number }> {
  await using closing = new AsyncDisposableStack();
  const { privateKey } = await generateHopKeys();
  const signer = createHopSigner({ privateKey });
  const processes = new Map<keyof Fixture, { child: ChildProcess; port: number }>();
  closing.defer(() => {
    for (const { child } of processes.values()) child.kill('SIGKILL');
  });
  /** Gives the port. */
  const run = async (name: keyof Fixture, givenPort = 0) => {
    const child = fork(script);
    child.send({ name, port: givenPort } satisfies Start);
    const { port } = await started(child);
    processes.set(name, { child, port });
    return port;
  };
  const subgraphs = Object.values(fixtureSubgraphs() as Readonly<Record<keyof Fixture, Fixture['orders']>>);
  const transports = await Promise.all(
    victims.map(async (name) => [name, httpTransport({ name, url: `http://127.0.0.1:${await run(name)}`, signer })] as const),
  );
  const gateway = await startGateway({
    supergraphSdl: compose(subgraphs),
    transports: Object.fromEntries(transports),
    exchangers: 'nobody',
    host: '127.0.0.1',
    port: 0,
    deadlineMs,
    limits: { planningMs: Number.POSITIVE_INFINITY },
    log: silentLogger,
  });
  closing.defer(() => gateway.close());

  // A connection for each: one that is kept may be closed by the gateway at the moment at which a busy machine comes to use it again.
  const client = new Agent({ pipelining: 0 });
  closing.defer(() => client.close());
  let asking = 0;
  const ask = async () => {
    const id = `request-${(asking += 1)}`;
    const headers = { 'content-type': 'application/json', 'x-request-id': id };
    const asked = { method: 'POST' as const, headers, body: JSON.stringify({ query, variables: { id } }), dispatcher: client };
    const { statusCode, body } = await request(`${gateway.url}/graphql`, asked);
    return { id, status: statusCode, body: (await body.json()) as Answered['body'] };
  };
  const count = { whole: 0, partial: 0 };
  let away: keyof Fixture | undefined;

  async function askAndLook(): Promise<void> {
    const before = away;
    const asked = performance.now();
    const { id, status, body } = await ask();
    expect(performance.now() - asked).toBeLessThan(deadlineMs + patienceMs);
    expect(status).toBe(200);
    const whole = dataFor(id);
    // One that was asked while all were there may meet a kill, and the other way round.
    const missing = victims.find((name) => (name === before || name === away) && body.errors?.[0]?.extensions['serviceName'] === name);
    if (!missing) {
      expect(body).toEqual({ data: whole });
      count.whole += 1;
      return;
    }
    const told = body.errors?.map(({ path, extensions: { code, serviceName } }) => [path?.join('.'), code, serviceName]);
    const { paths, data } = without[missing];
    expect([body.data, told]).toEqual([data(whole), paths.map((path) => [path, 'SUBGRAPH_UNAVAILABLE', missing])]);
    count.partial += 1;
  }

  const underWay = new Set<Promise<void>>();
  const failures: unknown[] = [];
  const send = () => {
    const asked = askAndLook()
      .catch((error: unknown) => void failures.push(error))
      .finally(() => underWay.delete(asked));
    underWay.add(asked);
  };
  const allAnswered = async () => {
    await Promise.all(underWay);
    expect(failures).toEqual([]);
  };
  // A machine that can't keep up is asked for less.
  const ticking = setInterval(() => {
    for (let sent = 0; sent < (perSecond * tickMs) / 1_000 && underWay.size < mostUnderWay; sent += 1) send();
  }, tickMs);
  closing.defer(() => clearInterval(ticking));
  const closed = async (name: string) => {
    const text = await (await fetch(`${gateway.url}/metrics`)).text();
    return text.includes(`storegraph_gateway_breaker{subgraph="${name}"} 0`);
  };
  const back = async (name: string) => !(await ask()).body.errors && (await closed(name));

  /** Some more of either kind: more than open a breaker, and as many as come in a tenth of a second where the machine keeps up. */
  const more = (kind: keyof typeof count) => {
    const before = count[kind];
    return expect.poll(() => failures[0] ?? count[kind] > before + perSecond / 10, soon).toBe(true);
  };

  for (let killed = 0; killed < kills; killed += 1) {
    const name = victims[killed % victims.length] ?? 'orders';
    const victim = processes.get(name);
    await more('whole');
    away = name;
    victim?.child.kill('SIGKILL');
    await more('partial');
    await run(name, victim?.port);
    await expect.poll(() => back(name), soon).toBe(true);
    // Those that were asked before may still tell of it.
    await allAnswered();
    away = undefined;
  }
  await more('whole');
  clearInterval(ticking);
  await allAnswered();
  return count;
}

/** What a process says once it answers. Throws when it ends instead. */
async function started(child: ChildProcess): Promise<Started> {
  const over = new AbortController();
  const ended = once(child, 'exit', over).then(([code, signal]) => {
    throw new Error(`The process of a subgraph ended with ${String(code ?? signal)}.`);
  });
  const [message] = (await Promise.race([once(child, 'message', over), ended]).finally(() => over.abort())) as [Started];
  return message;
}
