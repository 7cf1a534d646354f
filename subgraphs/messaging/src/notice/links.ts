import { environment } from '@storegraph/core';
import { storeOf, type Tx } from '@storegraph/database';
import { settingsOf } from '../email-settings/find.ts';

type Parameters = Readonly<Record<string, string>>;

/** A page of the staff's front end. */
export const consoleLink = (path: string, parameters: Parameters = {}): string =>
  link(environment().STOREGRAPH_CONSOLE_URL, path, parameters);

/** A page of the store's shop: by the store's own setting, else by the deployment's, in which `{store}` stands for the store's id. */
export async function storefrontLink(tx: Tx, path: string, parameters: Parameters = {}): Promise<string> {
  const own = (await settingsOf(tx))?.storefrontUrl;
  return link(own ?? environment().STOREGRAPH_STOREFRONT_URL.replaceAll(/\{store\}|%7Bstore%7D/gi, storeOf(tx)), path, parameters);
}

function link(base: string, path: string, parameters: Parameters): string {
  const url = new URL(base);
  url.pathname = `${url.pathname.replace(/\/$/, '')}${path}`;
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
  return url.href;
}
