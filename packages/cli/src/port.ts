import { once } from 'node:events';
import { createServer } from 'node:net';
import { OperatorError } from '@storegraph/core';

/** Of a gateway, when nobody says another. */
export const defaultPort = 4000;

/** The port that an option names, else `otherwise`. */
export function portOf(text: string | undefined, otherwise: number): number {
  if (text === undefined) return otherwise;
  const port = Number(text);
  if (!/^\d{1,5}$/.test(text) || port > 65_535) throw new OperatorError(`"${text}" is not a port.`, 'Give a number from 0 to 65535.');
  return port;
}

/** Says that the address can not be had before a database and processes are started for nothing. */
export async function ensureFree(host: string, port: number): Promise<void> {
  const probe = createServer().listen(port, host);
  try {
    await once(probe, 'listening');
  } catch (error) {
    throw portTaken(error, port);
  }
  probe.close();
  await once(probe, 'close');
}

/** An address that can not be had is the operator's to change, not a defect. */
export function portTaken(error: unknown, port: number): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  switch (code) {
    case 'EADDRINUSE':
      return new OperatorError(`Port ${port} is taken.`, 'Give another one: npm start -- --port N');
    case 'EACCES':
      return new OperatorError(`Port ${port} is not allowed to this user.`, 'Give one above 1023: npm start -- --port N');
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return new OperatorError('STOREGRAPH_HOST is no address of this machine.', 'Give 127.0.0.1, 0.0.0.0 or one that this machine has.');
    default:
      return error;
  }
}
