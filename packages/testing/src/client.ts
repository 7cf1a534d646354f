import type { FormattedExecutionResult } from 'graphql';

type Json = Record<string, unknown>;

/** What an answer holds, typed by the caller: a test states the shape it asks for. */
export interface TestClient {
  /** The whole answer, with its errors. */
  run<Data = Json>(query: string, variables?: Json): Promise<FormattedExecutionResult<Data>>;
  /** The data. Throws on any error, so a test can not pass by accident on a failed query. */
  data<Data = Json>(query: string, variables?: Json): Promise<Data>;
  /** The codes of the answer's errors. */
  codes(query: string, variables?: Json): Promise<string[]>;
}

export function testClient(execute: (query: string, variables: Json) => Promise<FormattedExecutionResult>): TestClient {
  const run = async <Data>(query: string, variables: Json = {}) => {
    // Through JSON, as over the wire: null prototypes and class instances would compare as different.
    const answer: unknown = JSON.parse(JSON.stringify(await execute(query, variables)));
    return answer as FormattedExecutionResult<Data>;
  };
  return {
    run,
    data: async <Data>(query: string, variables?: Json) => {
      const answer = await run<Data>(query, variables);
      if (answer.errors?.length || !answer.data) throw new Error(`The query failed: ${JSON.stringify(answer.errors ?? answer)}`);
      return answer.data;
    },
    codes: async (query, variables) => ((await run(query, variables)).errors ?? []).map((error) => codeOf(error.extensions)),
  };
}

/** A client over HTTP. An answer that is no JSON fails the test. */
export function httpClient(url: string, headers: Record<string, string>): TestClient {
  return testClient(async (query, variables) => {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ query, variables }),
    });
    return (await response.json()) as FormattedExecutionResult;
  });
}

function codeOf(extensions: Record<string, unknown> | undefined): string {
  const code = extensions?.['code'];
  return typeof code === 'string' ? code : 'NONE';
}
