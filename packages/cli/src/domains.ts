import { accounts } from '@storegraph/accounts';
import { OperatorError } from '@storegraph/core';
import { customers } from '@storegraph/customers';
import { messaging } from '@storegraph/messaging';
import { orders } from '@storegraph/orders';
import type { SubgraphDefinition } from '@storegraph/subgraph';

/** Every domain there is, in the order in which they are composed. */
const all: readonly SubgraphDefinition[] = [accounts, customers, orders, messaging];

/** These always run: the others extend what they own. */
const required = new Set(['accounts', 'customers']);

/** The kernel's own schemas, which every deployment has. */
export const kernelSchemas = ['events', 'jobs', 'limits'] as const;

/** The domains that run when those named are left out. */
export function domainsWithout(left: readonly string[]): readonly SubgraphDefinition[] {
  for (const name of left) {
    if (!all.some((domain) => domain.name === name)) {
      throw new OperatorError(`There is no domain "${name}".`, `Known are ${all.map((domain) => domain.name).join(', ')}.`);
    }
    if (required.has(name)) throw new OperatorError(`The domain "${name}" can not be left out.`, `Others extend what ${name} owns.`);
  }
  return all.filter((domain) => !left.includes(domain.name));
}

export function domainNamed(name: string): SubgraphDefinition {
  const found = all.find((domain) => domain.name === name);
  if (!found) throw new OperatorError(`There is no domain "${name}".`, `Known are ${all.map((domain) => domain.name).join(', ')}.`);
  return found;
}
