import { Pool } from 'undici';
import type { Workload } from './workloads.ts';

/** A gateway as its clients see it. */
export interface Client {
  /** Asks once, and gives the answer's text. */
  ask(workload: Workload, request: number): Promise<string>;
  close(): Promise<void>;
}

/** Asks the GraphQL server there, with those headers. */
export function clientOf(url: string, headers: Readonly<Record<string, string>> = {}): Client {
  const { origin, pathname } = new URL('/graphql', url);
  const pool = new Pool(origin, { pipelining: 1, headersTimeout: 0, bodyTimeout: 0 });
  return {
    async ask({ query, variables }, request) {
      const { statusCode, body } = await pool.request({
        method: 'POST',
        path: pathname,
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify({ query, variables: variables(request) }),
      });
      const text = await body.text();
      if (statusCode !== 200) throw new Error(`A gateway answered with ${statusCode}: ${text.slice(0, 500)}`);
      return text;
    },
    close: () => pool.destroy(),
  };
}

/** Keeps as many requests under way as the workload says for that many milliseconds, and gives how long each took, in milliseconds. */
export async function load(client: Client, workload: Workload, milliseconds: number, numbers: Iterator<number>): Promise<number[]> {
  const latencies: number[] = [];
  const end = performance.now() + milliseconds;
  const worker = async () => {
    for (let start = performance.now(); start < end; start = performance.now()) {
      const answer = await client.ask(workload, next(numbers));
      latencies.push(performance.now() - start);
      // Parsing each answer would take the machine from the gateway.
      if (answer.includes('"errors":[')) throw new Error(`A gateway answered with errors: ${answer.slice(-500)}`);
    }
  };
  await Promise.all(Array.from({ length: workload.concurrency }, worker));
  return latencies;
}

/** Numbers that no other request had: 0, 1, 2 and so on. */
export function* counting(): Generator<number, never> {
  for (let number = 0; ; number += 1) yield number;
}

export const next = (numbers: Iterator<number>): number => Number(numbers.next().value);
