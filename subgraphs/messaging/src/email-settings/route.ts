import type { Sealer } from '@storegraph/auth';
import { environment, toUuid, type StoreId } from '@storegraph/core';
import { storeOf, type Tx } from '@storegraph/database';
import type { Correspondent } from '../email/letter.ts';
import { settingsOf } from './find.ts';
import { platformName, senderOf } from './sender.ts';
import type { EmailSettingsRow } from './tables.ts';

/** A server by its name, not yet looked up. */
export interface Server {
  readonly host: string;
  readonly port: number;
  readonly secure: boolean;
  readonly credentials: { readonly user: string; readonly password: string } | null;
  /** Set by the operator of this deployment, and not by a store. */
  readonly trusted: boolean;
}

/** How a mail leaves. `via` null: there is no way yet. */
export interface Route {
  readonly via: { readonly kind: 'smtp'; readonly server: Server } | { readonly kind: 'outbox'; readonly folder: string } | null;
  readonly from: Correspondent;
  readonly replyTo: string | null;
}

/**
 * The way of the transaction's mails: the store's own server once that has been verified, else the platform's, with the store's name and the platform's
 * address as the sender: another domain's address would be refused or taken for forged.
 */
export async function routeOf(tx: Tx, sealer: Sealer): Promise<Route> {
  const platform = platformRoute();
  if (tx.scope.identity.storeId === null) return platform;
  const settings = await settingsOf(tx);
  const own = settings?.verified ? ownRoute(settings, storeOf(tx), sealer) : null;
  if (own) return own;
  const { name } = await senderOf(tx);
  return { ...platform, from: { ...platform.from, name }, replyTo: settings?.replyTo ?? null };
}

/** The way by the store's own server, or null where none is set. */
export function ownRoute(settings: EmailSettingsRow, storeId: StoreId, sealer: Sealer): Route | null {
  const { provider, smtpHost: host, smtpPort: port, smtpSecure: secure, smtpUser: user, smtpPasswordSealed: sealed, fromEmail } = settings;
  if (provider !== 'SMTP' || host === null || port === null || secure === null || fromEmail === null) return null;
  const credentials =
    user === null ? null : { user, password: sealed === null ? '' : sealer.open(sealed, passwordPlace(storeId, settings.id)) };
  return {
    via: { kind: 'smtp', server: { host, port, secure, credentials, trusted: false } },
    from: { name: settings.fromName, address: fromEmail },
    replyTo: settings.replyTo,
  };
}

export const passwordPlace = (storeId: StoreId, id: EmailSettingsRow['id']): string =>
  `${storeId}|email_settings|smtp_password_sealed|${toUuid(id)}`;

function platformRoute(): Route {
  const { STOREGRAPH_SMTP_URL: url, STOREGRAPH_MAIL_OUTBOX: folder, STOREGRAPH_MAIL_FROM: address } = environment();
  const from = { name: platformName, address };
  if (url !== undefined) return { via: { kind: 'smtp', server: serverAt(url) }, from, replyTo: null };
  return { via: folder === undefined ? null : { kind: 'outbox', folder }, from, replyTo: null };
}

/** `smtp://user:password@host:587`, or `smtps://` for TLS from the first byte. */
function serverAt(url: string): Server {
  const { protocol, hostname: host, port, username, password } = new URL(url);
  const secure = protocol === 'smtps:';
  const credentials = username === '' ? null : { user: decodeURIComponent(username), password: decodeURIComponent(password) };
  return { host, port: port === '' ? (secure ? 465 : 587) : Number(port), secure, credentials, trusted: true };
}
