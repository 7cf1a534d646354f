export type RoleKind = 'app' | 'system' | 'lookup' | 'owner' | 'login';

/** The name of one of a domain's roles. Role names belong to the whole server, hence the deployment's prefix. */
export const roleName = ({ prefix, domain, kind }: { prefix: string; domain: string; kind: RoleKind }): string =>
  kind === 'app' ? `${prefix}_${domain}` : `${prefix}_${domain}_${kind}`;

/** The group that every domain's app role is a member of: what it may do, every request may. */
export const appsRole = (prefix: string): string => `${prefix}_apps`;

/** The group that every domain's system role is a member of: dispatchers and workers, which no request can become. */
export const systemsRole = (prefix: string): string => `${prefix}_systems`;

/** The login of a process that runs every domain. */
export const allLogin = (prefix: string): string => `${prefix}_login`;

export const identifier = (name: string): string => `"${name.replaceAll('"', '""')}"`;
export const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** What migration files may say in psql's syntax: `:"app"` for the quoted name, `:'app'` for the text. */
export function variablesOf(prefix: string, domain: string): Record<string, string> {
  const role = (kind: RoleKind) => roleName({ prefix, domain, kind });
  return {
    app: role('app'),
    system: role('system'),
    lookup: role('lookup'),
    owner: role('owner'),
    apps: appsRole(prefix),
    systems: systemsRole(prefix),
    schema: domain,
    domain,
    prefix,
  };
}
