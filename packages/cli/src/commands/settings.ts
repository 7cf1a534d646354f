import { OperatorError } from '@storegraph/core';
import { domainNamed } from '../domains.ts';
import { print } from '../output.ts';
import { gatewaySettings, subgraphSettings } from '../processes.ts';
import { deployment, type CommonOptions } from '../settings.ts';

/** Prints the environment that one process of a split deployment needs, derived from the deployment's secret. It holds secrets. */
export async function settingsCommand(name: string, options: CommonOptions): Promise<number> {
  const at = await deployment(options, { service: true });
  const adminUrl = at.settings.DATABASE_URL;
  if (!adminUrl) throw new OperatorError('DATABASE_URL is not set.', 'Give the address of the PostgreSQL server that the processes share.');
  const settings =
    name === 'gateway'
      ? gatewaySettings(at, adminUrl, at.settings.STOREGRAPH_SUBGRAPH_URLS ?? {})
      : subgraphSettings(at, adminUrl, domainNamed(name).name);
  for (const [key, value] of Object.entries(settings)) print(`${key}=${JSON.stringify(value)}`);
  return 0;
}
