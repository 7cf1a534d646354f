import { unavailableMessage } from '../../errors.ts';
import { copy } from '../compile/merge.ts';
import { fetchRequest, type CompiledFetch } from '../compile/request.ts';
import type { Run } from '../compile/run.ts';
import type { CompiledOperation, FetchAnswer, OperationCall, SubgraphCall } from '../contract.ts';
import { createFlights } from './flights.ts';

/** Makes, for each execution, the function that its fetches are called with. */
export function createFetches(call: SubgraphCall): (kind: CompiledOperation['kind'], operation: OperationCall) => Run['fetch'] {
  const flights = createFlights();

  const direct =
    ({ caller }: OperationCall) =>
    async (fetch: CompiledFetch, variablesText: string, representations: number | undefined, signal: AbortSignal | undefined) => {
      try {
        return await call(fetch.subgraph, fetchRequest(fetch, variablesText, representations), caller, signal);
      } catch {
        return unavailable(fetch.subgraph);
      }
    };

  /** What a mutation has written is seen by every read that begins after it. */
  const writing = (operation: OperationCall): Run['fetch'] => {
    const send = direct(operation);
    return async (fetch, variablesText, representations) => {
      const answer = await send(fetch, variablesText, representations, operation.signal);
      flights.close();
      return answer;
    };
  };

  const reading = (operation: OperationCall): Run['fetch'] => {
    const send = direct(operation);
    const read: Run['fetch'] = (fetch, variablesText, representations) =>
      flights.join(
        operation.caller.identity,
        `${fetch.sameness}\n${variablesText}`,
        (signal) => send(fetch, variablesText, representations, signal),
        operation.signal,
      );
    return onceEach(read);
  };

  /** An event says that something has changed: a read that began before it may not know, so whoever reads because of it joins none. */
  const following = (operation: OperationCall): Run['fetch'] => {
    flights.close();
    const send = direct(operation);
    return onceEach((fetch, variablesText, representations) => send(fetch, variablesText, representations, operation.signal));
  };

  const ways = { query: reading, mutation: writing, subscription: following };
  return (kind, operation) => ways[kind](operation);
}

/** Sends what stands in a plan more than once with the same variables only once in an execution. */
function onceEach(send: Run['fetch']): Run['fetch'] {
  let sent: Map<string, Promise<FetchAnswer>> | undefined;
  return async (fetch, variablesText, representations) => {
    if (!fetch.repeated) return send(fetch, variablesText, representations);
    const key = `${fetch.sameness}\n${variablesText}`;
    sent ??= new Map();
    const known = sent.get(key) ?? send(fetch, variablesText, representations);
    sent.set(key, known);
    const { data, errors } = await known;
    return { data: copy(data), errors };
  };
}

const unavailable = (subgraph: string): FetchAnswer => ({
  data: null,
  errors: [{ message: unavailableMessage(subgraph), extensions: { code: 'SUBGRAPH_UNAVAILABLE' } }],
});
