import { WebSocket, type ClientOptions } from 'ws';

interface Message {
  readonly type: string;
  readonly id?: string;
  readonly payload?: unknown;
}

/** A client that says what it is told to, also what no library would. */
export interface RawClient {
  readonly socket: WebSocket;
  say(message: object | string): void;
  /** The next message that came. */
  hear(): Promise<Message>;
  /** Says `connection_init`, and hears the answer. */
  init(payload?: object): Promise<Message>;
  subscribe(id: string, query: string, variables?: object): void;
  /** The code that the socket was closed with. */
  readonly closed: Promise<number>;
}

export async function rawClient(url: string, options: ClientOptions = {}, protocols = ['graphql-transport-ws']): Promise<RawClient> {
  const socket = new WebSocket(url, protocols, options);
  const heard: Message[] = [];
  const waiting: ((message: Message) => void)[] = [];
  socket.on('message', (data: Buffer) => {
    const message = JSON.parse(data.toString('utf8')) as Message;
    const next = waiting.shift();
    if (next) next(message);
    else heard.push(message);
  });
  const closed = new Promise<number>((resolve) => socket.once('close', resolve));
  await new Promise((resolve, reject) => {
    socket.once('open', resolve);
    socket.once('error', reject);
  });
  socket.on('error', () => undefined);
  const self: RawClient = {
    socket,
    closed,
    say: (message) => socket.send(typeof message === 'string' ? message : JSON.stringify(message)),
    hear: () => {
      const message = heard.shift();
      return message ? Promise.resolve(message) : new Promise((resolve) => waiting.push(resolve));
    },
    init: (payload) => {
      self.say({ type: 'connection_init', ...(payload && { payload }) });
      return self.hear();
    },
    subscribe: (id, query, variables) => self.say({ id, type: 'subscribe', payload: { query, ...(variables && { variables }) } }),
  };
  return self;
}
