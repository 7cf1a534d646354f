import { benchSubscriptions, type SocketFigures } from '@storegraph/gateway/bench';
import { compared, type Measurement } from './measure.ts';

/** What a socket that gets nothing may hold of the gateway's memory, in bytes. */
const allowedBytes = 40_000;

/**
 * Our gateway before a subgraph against a bare server of graphql-ws that sends the same text: CPU of the process for each event that a client gets, how long
 * events take, and memory of sockets that get none. `profile`: a folder for the profile of ours.
 */
export async function benchSockets({ profile }: { readonly profile?: string | undefined } = {}): Promise<Measurement[]> {
  const { sockets, ours, reference } = await benchSubscriptions({ profile });
  const cpu = (side: SocketFigures) => `${microseconds(side.cpu)} (${side.cpuRange.map(microseconds).join('–')})`;
  const memory = (name: string, bytesOf: (side: SocketFigures) => number): Measurement => ({
    name: `  ${name}`,
    ours: kilobytes(bytesOf(ours)),
    reference: kilobytes(bytesOf(reference)),
    ratio: bytesOf(ours) / bytesOf(reference),
    aim: null,
  });
  const held = ours.subscribed.objects;
  return [
    {
      name: `${sockets} sockets over 200 topics, CPU of each event that a client got`,
      ours: cpu(ours),
      reference: cpu(reference),
      ratio: ours.cpu / reference.cpu,
      aim: 2,
    },
    compared('  p50', { ours: ours.p50, reference: reference.p50 }),
    compared('  p99', { ours: ours.p99, reference: reference.p99 }),
    {
      name: 'memory of each socket that has subscribed and gets nothing, against what is allowed',
      ours: kilobytes(held),
      reference: kilobytes(allowedBytes),
      ratio: held / allowedBytes,
      aim: 1,
    },
    memory('against the bare server’s', ({ subscribed }) => subscribed.objects),
    memory('with what the system has given besides', ({ subscribed }) => subscribed.resident),
    memory('of each socket that was only let in', ({ idle }) => idle.objects),
  ];
}

const microseconds = (milliseconds: number) => `${(milliseconds * 1_000).toFixed(1)} µs`;
const kilobytes = (bytes: number) => `${(bytes / 1_000).toFixed(1)} kB`;
