/** The least that a client of the graph needs: one POST, the data, and every problem as an error. */
export interface GraphClient {
  /** The answer's data. Throws where the answer has errors, or where a payload has userErrors. */
  run<Data = Record<string, unknown>>(document: string, variables?: Record<string, unknown>): Promise<Data>;
  as(token: string): GraphClient;
  /** The access token that it acts with. */
  readonly token: string | undefined;
}

interface Answer {
  readonly data?: Record<string, unknown> | null;
  readonly errors?: readonly { message: string; extensions?: { code?: string } }[];
}

export function graphClient(url: string, token?: string): GraphClient {
  return {
    as: (next) => graphClient(url, next),
    token,
    run: async <Data>(document: string, variables: Record<string, unknown> = {}) => {
      const response = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...(token ? { authorization: `Bearer ${token}` } : {}) },
        body: JSON.stringify({ query: document, variables }),
      });
      const answer = (await response.json()) as Answer;
      if (answer.errors?.length)
        throw new Error(answer.errors.map((error) => `${error.extensions?.code ?? 'ERROR'}: ${error.message}`).join('\n'));
      const data = answer.data ?? {};
      for (const payload of Object.values(data)) refuseUserErrors(payload);
      return data as Data;
    },
  };
}

function refuseUserErrors(payload: unknown): void {
  if (typeof payload !== 'object' || payload === null || !('userErrors' in payload)) return;
  const problems = payload.userErrors;
  if (Array.isArray(problems) && problems.length > 0) throw new Error(JSON.stringify(problems));
}
