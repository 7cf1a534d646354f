import { parseId, type Id } from '@storegraph/core';
import type { TestClient } from '../../src/client.ts';

/** Makes it when it is first asked for. */
export function once<Made>(make: () => Promise<Made>): () => Promise<Made> {
  let made: Promise<Made> | undefined;
  return () => (made ??= make());
}

/** Runs a mutation that must not be refused. */
export async function done<Payload>(client: TestClient, mutation: string, input: object, selection: string): Promise<Payload> {
  const type = `${mutation.charAt(0).toUpperCase()}${mutation.slice(1)}Input`;
  const { result } = await client.data<{ result: Payload & { userErrors: unknown[] } }>(
    `mutation ($input: ${type}!) { result: ${mutation}(input: $input) { ${selection} userErrors { code field } } }`,
    { input },
  );
  if (result.userErrors.length > 0) throw new Error(`The seed's ${mutation} was refused: ${JSON.stringify(result.userErrors)}`);
  return result;
}

export function idOf<P extends string>(prefix: P, text: unknown): Id<P> {
  const id = parseId(prefix, text);
  if (!id) throw new Error(`${String(text)} is no ${prefix}`);
  return id;
}
