import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { domainsWithout } from '@storegraph/cli';
import { parse, valueFromASTUntyped, type ConstDirectiveNode } from 'graphql';

export const root = join(import.meta.dirname, '../../../..');

/** Every domain, as it is composed. */
export const domains = domainsWithout([]);

/** A rule in one line: `orders:read + CUSTOMER`. Read from the SDL files themselves, without the kernel's own reading of them. */
function ruleOf(directives: readonly ConstDirectiveNode[] = []): string | undefined {
  const access = directives.find((directive) => directive.name.value === 'access');
  if (!access) return undefined;
  const given = Object.fromEntries((access.arguments ?? []).map(({ name, value }) => [name.value, valueFromASTUntyped(value)]));
  return [given['permission'], ...((given['also'] ?? []) as string[])].join(' + ');
}

/** Each place of a domain's SDL that has a rule: a type's name for an entity by its id, `Type.field` for a field. */
export function declaredAccess(domain: string): Record<string, string> {
  const found: Record<string, string> = {};
  for (const file of globSync(`subgraphs/${domain}/src/**/*.graphql`, { cwd: root })) {
    for (const node of parse(readFileSync(join(root, file), 'utf8')).definitions) {
      if (node.kind !== 'ObjectTypeDefinition' && node.kind !== 'ObjectTypeExtension') continue;
      const type = node.name.value;
      const places = [
        [type, node.directives] as const,
        ...(node.fields ?? []).map((field) => [`${type}.${field.name.value}`, field.directives] as const),
      ];
      for (const [place, directives] of places) {
        const rule = ruleOf(directives);
        if (rule !== undefined) found[place] = rule;
      }
    }
  }
  return found;
}
