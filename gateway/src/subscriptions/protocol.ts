import { type GraphQLError, parse, type GraphQLFormattedError } from 'graphql';
import { makeServer, type Server, type SubscribePayload } from 'graphql-ws';
import type { WebSocket } from 'ws';
import { Refused, type Client } from './client.ts';
import { endings } from './endings.ts';
import type { SubscriptionSettings } from './settings.ts';

interface Asked {
  readonly client: Client;
  readonly id: string;
  readonly payload: SubscribePayload;
}

/** Which operation it is, the client's own server finds out. To the protocol each is a stream of answers that ends. */
const anyOperation = parse('subscription { any }', { noLocation: true });

/**
 * The state machine of the graphql-ws protocol (https://github.com/graphql/graphql-over-http/blob/main/rfcs/GraphQLOverWebSocket.md): who may say what
 * and when, and the close codes for whoever does otherwise. Answers go past it: they are text already.
 */
export const createProtocol = ({
  initWithinMs,
  idCharacters,
}: Pick<SubscriptionSettings, 'initWithinMs' | 'idCharacters'>): Server<Client> =>
  makeServer<Record<string, unknown>, Client>({
    connectionInitWaitTimeout: initWithinMs,
    onConnect: async ({ connectionParams, extra }) => {
      await extra.admit(connectionParams);
    },
    onSubscribe: ({ extra }, id, payload) => {
      if (id.length > idCharacters) extra.end(endings.longId);
      const contextValue: Asked = { client: extra, id, payload };
      return { schema: undefined as never, document: anyOperation, contextValue };
    },
    subscribe: ({ contextValue }) => {
      const { client, id, payload } = contextValue as Asked;
      return client.run(id, payload) as AsyncGenerator<never, void>;
    },
    onError: (_context, _id, _payload, errors) => errors.flatMap(shown),
  });

function shown(error: GraphQLError): readonly GraphQLFormattedError[] {
  if (error.originalError instanceof Refused) return error.originalError.errors;
  const { message, extensions } = error;
  return [{ message, extensions: { code: extensions['code'] } }];
}

const namesById = /"(?:documentId|persistedQuery)"/;

/** An operation may be named by its id alone, while a message of the protocol must have a text: it gets an empty one. */
function withText(message: string): string {
  if (!namesById.test(message)) return message;
  try {
    const { payload, ...rest } = JSON.parse(message) as { payload?: { documentId?: unknown; extensions?: { persistedQuery?: unknown } } };
    const id = payload?.documentId ?? payload?.extensions?.persistedQuery;
    return id === undefined ? message : JSON.stringify({ ...rest, payload: { query: '', ...payload } });
  } catch {
    return message;
  }
}

/** Lets the protocol drive a socket. */
export function drive(protocol: Server<Client>, socket: WebSocket, client: Client): void {
  const closed = protocol.opened(
    {
      protocol: socket.protocol,
      send: (text) => client.send(text),
      close: (code = 1000, reason = '') => client.end({ code, reason }),
      onMessage: (handle) =>
        socket.on('message', (data: Buffer) => {
          if (!client.heard()) return;
          handle(withText(data.toString('utf8'))).catch(() => client.end(endings.unreadable));
        }),
      onPing: (payload) => client.ping(payload),
    },
    client,
  );
  socket.once('close', (code, reason) => {
    client.closed();
    void closed(code, reason.toString());
  });
}
