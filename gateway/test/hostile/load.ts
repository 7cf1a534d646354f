import { Agent, request } from 'node:http';

/** Clients that ask one thing again and again, each as soon as it has its answer. */
export interface Crowd {
  /** Lets them ask for so many milliseconds, and gives how long each answer took, in milliseconds. Rejects when one has other data than the first. */
  during(milliseconds: number): Promise<readonly number[]>;
  close(): void;
}

export async function crowd(url: string, clients: number, query: string): Promise<Crowd> {
  const agent = new Agent({ keepAlive: true, maxSockets: clients });
  const body = JSON.stringify({ query });
  const options = { method: 'POST', agent, headers: { 'content-type': 'application/json' } };
  const ask = () =>
    new Promise<string>((resolve, reject) => {
      const asking = request(`${url}/graphql`, options, (answer) => {
        let text = '';
        answer.setEncoding('utf8').on('data', (part: string) => (text += part));
        answer.on('end', () => resolve(JSON.stringify((JSON.parse(text) as { data?: unknown }).data))).on('error', reject);
      });
      asking.on('error', reject).end(body);
    });
  const expected = await ask();
  return {
    async during(milliseconds) {
      const until = performance.now() + milliseconds;
      const took: number[] = [];
      const one = async () => {
        while (performance.now() < until) {
          const start = performance.now();
          if ((await ask()) !== expected) throw new Error('Other data than the first');
          took.push(performance.now() - start);
        }
      };
      await Promise.all(Array.from({ length: clients }, one));
      return took;
    },
    close: () => agent.destroy(),
  };
}

/** The value that so large a share is below. */
export const quantile = (values: readonly number[], share: number): number =>
  values.toSorted((one, other) => one - other)[Math.floor(values.length * share)] ?? Number.NaN;
