import { isPermission, type Identity, type IdentityKind } from '@storegraph/auth';
import { Kind, type ConstDirectiveNode } from 'graphql';
import { PublicError } from './errors.ts';

const special = ['public', 'authenticated', 'platform', 'internal'] as const;

/** One `@access(...)` of the SDL. */
export interface AccessRule {
  readonly permission: string;
  readonly also: ReadonlySet<IdentityKind>;
}

/** Reads the directive. Throws, naming `place`, when it names a permission or a kind that does not exist. */
export function readAccess(directives: readonly ConstDirectiveNode[], place: string): AccessRule | undefined {
  const directive = directives.find(({ name }) => name.value === 'access');
  if (!directive) return undefined;
  const argument = (name: string) => directive.arguments?.find((candidate) => candidate.name.value === name)?.value;
  const permission = argument('permission');
  if (permission?.kind !== Kind.STRING) throw new Error(`${place}: @access needs a permission.`);
  const isSpecial = (special as readonly string[]).includes(permission.value);
  if (!isSpecial && !isPermission(permission.value)) throw new Error(`${place}: there is no permission "${permission.value}".`);
  const also = argument('also');
  const kinds = also?.kind === Kind.LIST ? also.values.map((value) => (value.kind === Kind.STRING ? value.value : '')) : [];
  if (isSpecial && kinds.length > 0) throw new Error(`${place}: "also" has no meaning beside "${permission.value}".`);
  return { permission: permission.value, also: new Set(kinds.map((kind) => admissible(kind, place))) };
}

function admissible(kind: string, place: string): IdentityKind {
  if (kind === 'CUSTOMER' || kind === 'ANONYMOUS') return kind;
  throw new Error(`${place}: "also" may name CUSTOMER and ANONYMOUS, not "${kind}".`);
}

/** Whether the rule lets the identity in. */
export function admits(rule: AccessRule, identity: Identity): boolean {
  if (identity.kind === 'SYSTEM') return true;
  switch (rule.permission) {
    case 'public':
      return true;
    case 'authenticated':
      return identity.kind !== 'ANONYMOUS';
    case 'platform':
      return identity.kind === 'PLATFORM';
    case 'internal':
      return false;
    default:
      if (identity.kind === 'CUSTOMER' || identity.kind === 'ANONYMOUS') return rule.also.has(identity.kind);
      return (identity.permissions as readonly string[]).includes(rule.permission);
  }
}

/** Throws UNAUTHENTICATED or FORBIDDEN unless the rule lets the identity in. */
export function assertAccess(rule: AccessRule, identity: Identity): void {
  if (admits(rule, identity)) return;
  if (identity.kind === 'ANONYMOUS') throw new PublicError('UNAUTHENTICATED', 'Log in first.');
  throw new PublicError('FORBIDDEN', 'You may not do this.');
}
