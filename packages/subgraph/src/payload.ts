import { isRefusal, type Problem, type Result } from '@storegraph/core';

export type Payload<Key extends string, T, Code extends string> = { [P in Key]: T | null } & { userErrors: readonly Problem<Code>[] };

/**
 * The payload of a mutation: `payload('order', result)` is `{ order, userErrors }`, the entity null exactly when there are errors.
 * `payload(result)` is for a payload of several fields: the result's value is spread, or all of it is null.
 */
export function payload<Key extends string, T, Code extends string>(key: Key, result: Result<T, Code>): Payload<Key, T, Code>;
export function payload<T extends object, Code extends string>(
  result: Result<T, Code>,
): { [P in keyof T]?: T[P] | null } & { userErrors: readonly Problem<Code>[] };
export function payload(...given: [string, Result<unknown>] | [Result<object>]): object {
  if (given.length === 1) return isRefusal(given[0]) ? { userErrors: given[0].problems } : { ...given[0].value, userErrors: [] };
  const [key, result] = given;
  return isRefusal(result) ? { [key]: null, userErrors: result.problems } : { [key]: result.value, userErrors: [] };
}
