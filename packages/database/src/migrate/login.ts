import { createHash, createHmac, pbkdf2Sync } from 'node:crypto';
import { allLogin, roleName } from './names.ts';

export interface LoginOptions {
  readonly adminUrl: string;
  readonly prefix?: string;
  /** The deployment's secret, from which the logins' passwords are derived, so that no process has to be told them. */
  readonly secret: string;
  /** A domain, whose login may act for that domain alone, or 'all'. */
  readonly domain: string;
}

/** The URL by which a process connects: the admin's server and database, with the login of its domain. */
export function loginUrl({ adminUrl, prefix = 'storegraph', secret, domain }: LoginOptions): string {
  const login = domain === 'all' ? allLogin(prefix) : roleName({ prefix, domain, kind: 'login' });
  const url = new URL(adminUrl);
  url.username = encodeURIComponent(login);
  url.password = passwordOf(secret, login);
  return url.href;
}

const passwordOf = (secret: string, login: string): string => createHmac('sha256', secret).update(`login:${login}`).digest('base64url');

const iterations = 4096;

/**
 * What PostgreSQL stores for a password (RFC 5803). Sent instead of the password, so that it stands in no server log, and the same each time
 * for the same secret, so that a login is altered only when its secret has changed.
 */
export function passwordVerifier(secret: string, login: string): string {
  const salt = createHmac('sha256', secret).update(`salt:${login}`).digest().subarray(0, 16);
  const salted = pbkdf2Sync(passwordOf(secret, login), salt, iterations, 32, 'sha256');
  const key = (name: string) => createHmac('sha256', salted).update(name).digest();
  const stored = createHash('sha256').update(key('Client Key')).digest('base64');
  return `SCRAM-SHA-256$${iterations}:${salt.toString('base64')}$${stored}:${key('Server Key').toString('base64')}`;
}
