/** Why a request was refused: a code for programs, a sentence for people, and the path of the input field at fault. */
export interface Problem<Code extends string = string> {
  readonly code: Code;
  readonly message: string;
  readonly field: readonly string[] | null;
}

export interface Ok<T> {
  readonly ok: true;
  readonly value: T;
}

export interface Refusal<Code extends string = string> {
  readonly ok: false;
  readonly problems: readonly Problem<Code>[];
}

/** What a command gives: its value, or the expected reasons why not. The unexpected is thrown. */
export type Result<T, Code extends string = string> = Ok<T> | Refusal<Code>;

export const ok = <T>(value: T): Ok<T> => ({ ok: true, value });

export const refuse = <Code extends string>(problems: readonly Problem<Code>[]): Refusal<Code> => ({ ok: false, problems });

export const fail = <Code extends string>(code: Code, message: string, field: readonly string[] | null = null): Refusal<Code> =>
  refuse([{ code, message, field }]);

export const isRefusal = (value: unknown): value is Refusal =>
  typeof value === 'object' && value !== null && 'ok' in value && value.ok === false && 'problems' in value;
