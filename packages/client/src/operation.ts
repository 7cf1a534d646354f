import { StreamError, type AnswerError } from './errors.ts';

/**
 * The text of an operation. A document that a code generator typed is known by what it carries of its data and variables:
 * graphql-codegen's `TypedDocumentString` (`documentMode: 'string'`), or anything whose `toString` gives the text.
 */
export type Document<Data, Variables> =
  | string
  | { toString(): string; readonly __apiType?: ((variables: Variables) => Data) | undefined }
  | { toString(): string; readonly __resultType?: Data | undefined; readonly __variablesType?: Variables | undefined };

export interface Operation<Data, Variables> {
  readonly query: Document<Data, Variables>;
  readonly variables?: Variables | undefined;
  readonly operationName?: string | undefined;
  readonly extensions?: Record<string, unknown> | undefined;
}

/** What the server answers, as it sent it. */
export interface Answer<Data> {
  readonly data?: Data | null;
  readonly errors?: readonly AnswerError[];
  readonly extensions?: Record<string, unknown>;
}

/** As graphql-ws sends it. */
export interface Payload {
  readonly query: string;
  readonly variables?: Record<string, unknown>;
  readonly operationName?: string;
  readonly extensions?: Record<string, unknown>;
}

/**
 * The operation as it is now, whatever becomes of its variables later. Throws TypeError for variables that are no JSON, and for a parsed document:
 * turning one into text takes all of graphql-js, which a front end would have to load.
 */
export function payloadOf<Data, Variables>(operation: Operation<Data, Variables>): Payload {
  const { query, variables, operationName, extensions } = operation;
  if (typeof query === 'object' && 'kind' in query)
    throw new TypeError(
      'The operation is a parsed document. Give its text: print(document), or documentMode "string" of the code generator.',
    );
  return JSON.parse(JSON.stringify({ query: String(query), variables, operationName, extensions })) as Payload;
}

/** Throws NOT_RESUMABLE when the subscription does not declare the variable. A server ignores variables that are not declared, and so would skip what came in between. */
export function checkDeclares(variable: string, { query, operationName }: Payload): void {
  const subscription = new RegExp(`^subscription\\b\\s*${operationName === undefined ? '' : `${operationName}\\b`}`);
  const declaration = new RegExp(`\\$${variable}[\\s,]*:`);
  if (headersOf(query).some((header) => subscription.test(header) && declaration.test(header))) return;
  throw new StreamError(
    'NOT_RESUMABLE',
    `The subscription must declare the variable that takes the last cursor: subscription ($${variable}: EventCursor) { field(after: $${variable}) { cursor … } }. Where it has another name, say so in "cursorVariable".`,
  );
}

/** What stands before the selection of each operation and fragment. */
function headersOf(query: string): string[] {
  const headers: string[] = [];
  let header = '';
  let [braces, parentheses] = [0, 0];
  for (const char of query.replace(/"""[^]*?"""|"(?:\\.|[^"\\\n])*"|#.*/g, ' ')) {
    if (char === '(') parentheses += 1;
    if (char === ')') parentheses -= 1;
    if (parentheses === 0 && char === '{') {
      if (braces === 0) headers.push(header.trim());
      header = '';
      braces += 1;
    } else if (parentheses === 0 && char === '}') braces -= 1;
    else if (braces === 0) header += char;
  }
  return headers;
}

/** The field `cursor` right under the one root field. */
export function cursorUnderRoot(data: unknown): string | undefined {
  const root: unknown = typeof data === 'object' && data !== null ? Object.values(data)[0] : undefined;
  const cursor: unknown = typeof root === 'object' && root !== null && 'cursor' in root ? root.cursor : undefined;
  return typeof cursor === 'string' ? cursor : undefined;
}
