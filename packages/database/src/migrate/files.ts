import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { OperatorError } from '@storegraph/core';
import { identifier, literal } from './names.ts';

export interface MigrationFile {
  /** As the operator knows it, and as it is recorded: `orders/0001_create_orders.sql`. */
  readonly name: string;
  readonly sha256: string;
  readonly text: string;
  readonly inTransaction: boolean;
}

const fileName = /^\d{4}_[a-z0-9_]+\.sql$/;

/** The migrations of one folder, in the order of their names. */
export async function migrationFiles(root: string, folder: string): Promise<MigrationFile[]> {
  const names = await readdir(join(root, folder)).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  return Promise.all(
    names
      .filter((name) => name.endsWith('.sql'))
      .sort()
      .map((name) => migrationFile(root, folder, name)),
  );
}

async function migrationFile(root: string, folder: string, name: string): Promise<MigrationFile> {
  if (!fileName.test(name)) throw new OperatorError(`drizzle/${folder}/${name} is not named NNNN_verb_object.sql.`, 'Rename it.');
  // A checkout may have changed the line ends.
  const text = (await readFile(join(root, folder, name), 'utf8')).replaceAll('\r\n', '\n');
  return {
    name: `${folder}/${name}`,
    sha256: createHash('sha256').update(text).digest('hex'),
    text,
    inTransaction: !text.startsWith('-- no-transaction'),
  };
}

/** Puts in the values of `:"name"` (as an identifier) and `:'name'` (as a text). Other names are left alone. */
export const withVariables = (text: string, variables: Readonly<Record<string, string>>): string =>
  text.replace(/(?<!:):(["'])([a-z]+)\1/g, (whole, quote: string, name: string) => {
    const value = variables[name];
    if (value === undefined) return whole;
    return quote === '"' ? identifier(value) : literal(value);
  });

// A quoted text, a quoted name, a dollar-quoted text, a comment, the end of a statement, or anything else.
const token = /'(?:[^']|'')*'|"(?:[^"]|"")*"|(\$[a-z_]*\$)[\s\S]*?\1|--[^\n]*|\/\*[\s\S]*?\*\/|;|[^'"$/;-]+|[\s\S]/gi;

/** The single statements of a file, which PostgreSQL would run as one transaction if they were sent together. */
export function statementsOf(text: string): string[] {
  const statements: string[] = [];
  let statement = '';
  for (const [part] of text.matchAll(token)) {
    if (part.startsWith('--') || part.startsWith('/*')) continue;
    if (part !== ';') statement += part;
    else {
      statements.push(statement.trim());
      statement = '';
    }
  }
  return [...statements, statement.trim()].filter((sql) => sql !== '');
}
