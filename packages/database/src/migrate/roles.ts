import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { sqlState } from '../errors.ts';
import type { Admin } from './admin.ts';
import { passwordVerifier } from './login.ts';
import { allLogin, appsRole, identifier as id, literal, roleName, systemsRole, type RoleKind } from './names.ts';

export interface RoleOptions {
  readonly prefix: string;
  readonly secret: string;
  readonly domains: readonly string[];
}

/**
 * Makes what is missing of the deployment's roles. None but the logins can log in, none is a superuser or has BYPASSRLS; a domain's login can
 * become that domain's roles and no other, and has no rights before it does.
 */
export async function ensureRoles(admin: Admin, { prefix, secret, domains }: RoleOptions): Promise<void> {
  const apps = appsRole(prefix);
  const all = allLogin(prefix);
  await ensureRole(admin, apps, 'nologin');
  const systems = systemsRole(prefix);
  await ensureRole(admin, systems, 'nologin');
  await ensureLogin(admin, all, secret);
  // The gateway has no domain and no rights: it listens to signals.
  await ensureLogin(admin, roleName({ prefix, domain: 'gateway', kind: 'login' }), secret);

  for (const domain of domains) {
    const role = (kind: RoleKind) => roleName({ prefix, domain, kind });
    for (const kind of ['app', 'system', 'lookup', 'owner'] as const) await ensureRole(admin, role(kind), 'nologin');
    await ensureLogin(admin, role('login'), secret);

    await ensureMember(admin, role('app'), apps, { inherit: true, set: false });
    await ensureMember(admin, role('system'), systems, { inherit: true, set: false });
    for (const login of [role('login'), all]) {
      for (const kind of ['app', 'system'] as const) await ensureMember(admin, login, role(kind), { inherit: false, set: true });
    }
    // The owner hands functions over to the look-up role, and goes on granting them.
    await ensureMember(admin, role('owner'), role('lookup'), { inherit: true, set: true });
    await becomeMember(admin, role('owner'));
  }
}

async function ensureRole(admin: Admin, role: string, attributes: string): Promise<void> {
  const known = await admin`select from pg_roles where rolname = ${role}`;
  if (known.length > 0) return;
  await alone(admin, `create role ${id(role)} ${attributes} nosuperuser nobypassrls nocreaterole nocreatedb`);
}

async function ensureLogin(admin: Admin, login: string, secret: string): Promise<void> {
  await ensureRole(admin, login, 'login noinherit');
  const verifier = passwordVerifier(secret, login);
  // Only a superuser may read the stored password, so what was set is noted in the role's comment.
  const note = `storegraph: password ${createHash('sha256').update(verifier).digest('base64url').slice(0, 16)}`;
  const [row] = await admin<
    { note: string | null }[]
  >`select shobj_description(oid, 'pg_authid') as note from pg_roles where rolname = ${login}`;
  if (row?.note === note) return;
  await alone(admin, `alter role ${id(login)} password ${literal(verifier)}`);
  await alone(admin, `comment on role ${id(login)} is ${literal(note)}`);
}

async function ensureMember(
  admin: Admin,
  member: string,
  role: string,
  { inherit, set }: { inherit: boolean; set: boolean },
): Promise<void> {
  const known = await admin`
    select from pg_auth_members m join pg_roles r on r.oid = m.roleid join pg_roles u on u.oid = m.member
    where r.rolname = ${role} and u.rolname = ${member} and m.inherit_option = ${inherit} and m.set_option = ${set}`;
  if (known.length > 0) return;
  await alone(admin, `grant ${id(role)} to ${id(member)} with inherit ${inherit}, set ${set}`);
}

/** An administrator who is no superuser has to be a member of a role to make things in its name. */
async function becomeMember(admin: Admin, role: string): Promise<void> {
  const [row] = await admin<{ name: string; needed: boolean }[]>`
    select current_user as name, not (pg_has_role(current_user, ${role}, 'SET') and pg_has_role(current_user, ${role}, 'USAGE')) as needed`;
  if (row?.needed) await alone(admin, `grant ${id(role)} to ${id(row.name)} with inherit true, set true`);
}

const attempts = 10;

/**
 * Roles belong to the whole server, the runner's lock to one database: another database's runner may make or change the same role at the same
 * moment. Then one of the two fails, and finds the work done when it looks again.
 */
async function alone(admin: Admin, statement: string): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await admin.unsafe(statement);
      return;
    } catch (error) {
      const state = sqlState(error) ?? '';
      if (madeMeanwhile.has(state)) return;
      const changedMeanwhile = state === 'XX000' && error instanceof Error && error.message.includes('concurrently');
      if (!changedMeanwhile || attempt === attempts) throw error;
      await sleep(20 * attempt);
    }
  }
}

const madeMeanwhile = new Set(['42710', '23505']); // duplicate_object, unique_violation
