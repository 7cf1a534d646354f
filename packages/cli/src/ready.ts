import { print } from './output.ts';

/** Tells the supervisor, or the person at the terminal, where this process answers. */
export function announce(url: string): void {
  if (process.send) process.send({ url });
  else print(`Ready on ${url}`);
}
