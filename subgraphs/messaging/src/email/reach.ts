import { lookup } from 'node:dns/promises';
import { BlockList, isIP } from 'node:net';
import { environment } from '@storegraph/core';
import type { Server } from '../email-settings/route.ts';
import type { SmtpServer } from './wire.ts';

const ownNetworks = new BlockList();
for (const [network, bits] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['224.0.0.0', 3],
] as const)
  ownNetworks.addSubnet(network, bits, 'ipv4');
for (const [network, bits] of [
  ['::', 127],
  // IPv4 within IPv6, by three ways of translation: what it leads to is not told by the address as it stands.
  ['64:ff9b::', 96],
  ['64:ff9b:1::', 48],
  ['2001::', 32],
  ['2002::', 16],
  ['fc00::', 7],
  ['fe80::', 10],
  ['fec0::', 10],
  ['ff00::', 8],
] as const)
  ownNetworks.addSubnet(network, bits, 'ipv6');

/** The server is not where a store's mail may go: a code and a sentence. */
export interface Unreachable {
  readonly code: 'NO_SUCH_HOST' | 'HOST_NOT_ALLOWED';
  readonly detail: string;
}

/**
 * Looks a server up, and gives the very address that is to be connected to: looked up twice, a name could lead elsewhere the second time. What a store
 * sets must not lead into the network in which this process runs; in development, and for what the operator sets, it may.
 */
export async function reach({ host, port, secure, credentials, trusted }: Server): Promise<SmtpServer | Unreachable> {
  const addresses = await lookup(host, { all: true }).catch(() => []);
  const [first] = addresses;
  if (!first) return { code: 'NO_SUCH_HOST', detail: 'The name of the server leads nowhere.' };
  const inside = addresses.some(({ address }) => isOwnNetwork(address));
  if (inside && !trusted && environment().NODE_ENV === 'production')
    return { code: 'HOST_NOT_ALLOWED', detail: 'The server is not on the public internet.' };
  return { host: first.address, name: host, port, secure, credentials, plainAllowed: inside };
}

function isOwnNetwork(address: string): boolean {
  // An IPv4 address within IPv6 is checked as what it is.
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  return ownNetworks.check(mapped ?? address, isIP(mapped ?? address) === 4 ? 'ipv4' : 'ipv6');
}
