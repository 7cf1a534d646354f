import { unavailableMessage } from '../../errors.ts';
import { copy } from '../compile/merge.ts';
import { fetchRequest, type CompiledFetch } from '../compile/request.ts';
import type { Run } from '../compile/run.ts';
import type { CompiledOperation, FetchAnswer, OperationCall, SubgraphCall, Watch } from '../contract.ts';
import { createFlights } from './flights.ts';

/** Sends a fetch to its subgraph. Never rejects. */
type Send = (
  fetch: CompiledFetch,
  variablesText: string,
  representations: number | undefined,
  signal: AbortSignal | undefined,
) => Promise<FetchAnswer>;

/** Makes, for each execution, the function that its fetches are called with. */
export function createFetches(call: SubgraphCall): (kind: CompiledOperation['kind'], operation: OperationCall) => Run['fetch'] {
  const flights = createFlights();

  const direct =
    ({ caller }: OperationCall): Send =>
    async (fetch, variablesText, representations, signal) => {
      try {
        return await call(fetch.subgraph, fetchRequest(fetch, variablesText, representations), caller, signal);
      } catch {
        return unavailable(fetch.subgraph);
      }
    };

  /** What a mutation has written is seen by every read that begins after it. */
  const writing =
    (operation: OperationCall, send: Send): Run['fetch'] =>
    async (fetch, variablesText, representations) => {
      const answer = await send(fetch, variablesText, representations, operation.signal);
      flights.close();
      return answer;
    };

  const reading = (operation: OperationCall, send: Send): Run['fetch'] => {
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
  const following = (operation: OperationCall, send: Send): Run['fetch'] => {
    flights.close();
    return onceEach((fetch, variablesText, representations) => send(fetch, variablesText, representations, operation.signal));
  };

  const ways = { query: reading, mutation: writing, subscription: following };
  return (kind, operation) => {
    const send = direct(operation);
    const { watch } = operation;
    return watch ? watched(watch, send, (counted) => ways[kind](operation, counted)) : ways[kind](operation, send);
  };
}

/** Lets somebody look on. A fetch that sends nothing by itself has joined another. */
function watched(watch: Watch, send: Send, way: (send: Send) => Run['fetch']): Run['fetch'] {
  let sent = 0;
  const run = way((...fetch) => {
    sent += 1;
    return send(...fetch);
  });
  return (fetch, variablesText, representations) => {
    const { subgraph, path, query, operationName } = fetch;
    return watch.fetch({ subgraph, path, query, operationName, representations }, () => {
      const before = sent;
      const answer = run(fetch, variablesText, representations);
      return { answer, shared: sent === before };
    }).answer;
  };
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
